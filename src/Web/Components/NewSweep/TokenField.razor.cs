using Microsoft.AspNetCore.Components;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.NewSweep;

/// <summary>A list of values, each a token.</summary>
public sealed partial class TokenField
{
    private const int MostTokens = 1000;
    private static readonly char[] s_separators = [',', ' ', ';', '\t', '\n'];

    /// <summary>The field's name in the specification.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required IList<string> Values { get; set; }

    [Parameter]
    public EventCallback<IList<string>> ValuesChanged { get; set; }

    [CascadingParameter]
    public required FormState Form { get; set; }

    /// <summary>Warnings by the place of the token.</summary>
    [Parameter]
    public IReadOnlyDictionary<int, string> Warnings { get; set; } = new Dictionary<int, string>();

    [Parameter]
    public string? Hint { get; set; }

    /// <summary>Whether "0-4" stands for 0, 1, 2, 3, 4.</summary>
    [Parameter]
    public bool Ranges { get; set; }

    /// <summary>Whether the values are words, not numbers.</summary>
    [Parameter]
    public bool Words { get; set; }

    [Parameter]
    public string? Class { get; set; }

    private IReadOnlyDictionary<int, string> Faults => Form.Faults.Of(Id);

    private string? Error => Faults.Count == 0 ? null : Faults.OrderBy(fault => fault.Key).First().Value;

    private string? Warning => Warnings.Count == 0 ? null : Warnings.OrderBy(warning => warning.Key).First().Value;

    private static string Shown(string value) => long.TryParse(value, out var number) ? Numbers.Count(number) : value;

    /// <summary>Takes what was typed; the browser has emptied the field by then, so that typing on loses nothing.</summary>
    private async Task TakeAsync(ChangeEventArgs args)
    {
        var typed = args.Value as string ?? "";
        var added = typed.Split(s_separators, StringSplitOptions.RemoveEmptyEntries).SelectMany(Expand).Where(text => !Values.Contains(text)).Distinct().ToList();
        if (added.Count > 0)
            await ValuesChanged.InvokeAsync(Values.Concat(added).Take(MostTokens).ToList());
    }

    private Task RemoveAsync(int place) => ValuesChanged.InvokeAsync(Values.Where((_, i) => i != place).ToList());

    private IEnumerable<string> Expand(string text)
    {
        if (Ranges && text.Split('-') is [var first, var last] && int.TryParse(first, out var from) && int.TryParse(last, out var to) && to >= from && to - from < MostTokens)
            return Enumerable.Range(from, to - from + 1).Select(value => value.ToString());
        return [text];
    }
}
