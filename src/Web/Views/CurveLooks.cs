using System.Globalization;
using Tracker.Web.Components.Parts;

namespace Tracker.Web.Views;

/// <summary>Colour and dash of a curve.</summary>
/// <param name="Color">Colour token without its dashes.</param>
/// <param name="Dash">Dash pattern in pixels, empty for a whole line.</param>
public sealed record CurveLook(string Color, IReadOnlyList<double> Dash);

/// <summary>Gives curves looks that stay with them: what a curve is like follows from what it shows, not from its place, unless two would look the same.</summary>
public static class CurveLooks
{
    private const int Colors = 8;

    /// <summary>Looks that can be told apart: eight colours, each whole, dashed and dotted. Further curves are grey.</summary>
    public const int Most = Colors * 3;

    private static readonly IReadOnlyList<double>[] s_dashes = [[], [9, 4], [2.5, 4]];
    /// <summary>The colour of curves past those.</summary>
    public const string Grey = "text-3";

    private static readonly CurveLook s_grey = new(Grey, []);

    /// <summary>Single runs, by id.</summary>
    public static IReadOnlyList<CurveLook> OfRuns(IReadOnlyList<long> ids)
    {
        var ordered = ids.Distinct().Order().ToArray();
        var looks = ordered.Zip(Assign([.. ordered.Select(id => (int)((id - 1) % Most))])).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. ids.Select(id => looks[id])];
    }

    /// <summary>Groups that no technique tells apart, by name.</summary>
    public static IReadOnlyList<CurveLook> OfNames(IReadOnlyList<string> names) => Assign([.. names.Select(name => (int)(Technique.Hash(name) % Most))]);

    /// <summary>Groups by technique: its colour, and its dash for the first group of the technique; others of it have other dashes, then colours that no technique has.</summary>
    public static IReadOnlyList<CurveLook> OfTechniques(IReadOnlyList<Technique> techniques)
    {
        var taken = new HashSet<string>();
        var looks = new List<CurveLook>(techniques.Count);
        foreach (var technique in techniques)
        {
            var wanted = new[] { technique.Dash }.Concat(s_dashes).Select(dash => new CurveLook($"series-{technique.Series}", dash))
                .Concat(from color in Enumerable.Range(6, 3) from dash in s_dashes select new CurveLook($"series-{color}", dash));
            looks.Add(wanted.FirstOrDefault(look => taken.Add(Key(look)), s_grey));
        }
        return looks;
    }

    /// <summary>Each its own slot, or the next free one; the first eight have whole lines, each a colour of its own.</summary>
    private static CurveLook[] Assign(IReadOnlyList<int> slots)
    {
        var looks = new CurveLook[slots.Count];
        var taken = new bool[Most];
        for (var i = 0; i < slots.Count; i++)
        {
            var among = i < Colors ? Colors : Most;
            var free = Enumerable.Range(0, among).Select(step => (slots[i] + step) % among).Where(slot => !taken[slot]).DefaultIfEmpty(-1).First();
            if (free >= 0)
                taken[free] = true;
            looks[i] = free < 0 ? s_grey : new($"series-{free % Colors + 1}", s_dashes[free / Colors]);
        }
        return looks;
    }

    private static string Key(CurveLook look) => look.Color + string.Join(' ', look.Dash.Select(part => part.ToString(CultureInfo.InvariantCulture)));
}
