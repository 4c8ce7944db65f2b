using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>How runs are put together into curves: each by itself, all that differ only in the seed, or by fields. In addresses: runs, setting, technique,batch.</summary>
public sealed class RunGrouping : IEquatable<RunGrouping>
{
    private const string EachName = "runs";
    private const string SettingName = "setting";

    /// <summary>Every run by itself.</summary>
    public static readonly RunGrouping Each = new(EachName, []);

    /// <summary>Runs that differ in nothing but the seed.</summary>
    public static readonly RunGrouping Setting = new(SettingName, []);

    private readonly string _text;

    private RunGrouping(string text, IReadOnlyList<GroupField> fields) => (_text, Fields) = (text, fields);

    /// <summary>The fields whose values the runs of a group share; none for <see cref="Each"/> and <see cref="Setting"/>.</summary>
    public IReadOnlyList<GroupField> Fields { get; }

    /// <summary>What a list of choices calls it.</summary>
    public string Title => this == Each ? "Each run" : this == Setting ? "Same but the seed" : string.Join(" × ", Fields.Select(one => one.Title));

    public static RunGrouping By(params IReadOnlyList<GroupField> fields) => new(string.Join(',', fields.Select(field => field.Key)), fields);

    /// <summary>Reads what <see cref="ToString"/> writes. Names that are no field are passed over; without any that is, the answer is <paramref name="otherwise"/>.</summary>
    public static RunGrouping Read(string? text, RunGrouping otherwise)
    {
        if (string.IsNullOrWhiteSpace(text))
            return otherwise;
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names is [EachName])
            return Each;
        if (names is [SettingName])
            return Setting;
        var fields = names.Select(name => GroupField.All.FirstOrDefault(field => field.Key == (name == "method" ? "technique" : name))).OfType<GroupField>().Distinct().ToArray();
        return fields.Length == 0 ? otherwise : By(fields);
    }

    /// <summary>The groups of some runs in a natural order, each with a look of its own.</summary>
    public IReadOnlyList<CurveGroup> Of(IReadOnlyList<RunView> runs)
    {
        var names = new RunNames(runs);
        var groups = this == Each
            ? runs.Select(run => (Id: $"run-{run.Id}", Name: names.Of(run), Runs: (IReadOnlyList<RunView>)[run]))
            : this == Setting
                ? BySetting(runs, names)
                : ByFields(runs);
        var found = groups.ToArray();
        var looks = this == Each ? CurveLooks.OfRuns([.. found.Select(group => group.Runs[0].Id)])
            : this == Setting || Fields.Any(field => field.Key == "technique") ? CurveLooks.OfTechniques([.. found.Select(group => group.Runs[0].Spec.Technique())])
            : CurveLooks.OfNames([.. found.Select(group => group.Id)]);
        return [.. found.Zip(looks, (group, look) => new CurveGroup(group.Id, group.Name, look, group.Runs))];
    }

    private IEnumerable<(string Id, string Name, IReadOnlyList<RunView> Runs)> ByFields(IReadOnlyList<RunView> runs)
    {
        var groups = runs.Select(run => (Run: run, Values: Fields.Select(field => field.Of(run)).ToArray()))
            .GroupBy(one => string.Join(", ", one.Values.Select(value => value.Text)), StringComparer.Ordinal)
            .Select(group => (Id: group.Key, group.First().Values, Runs: group.Select(one => one.Run).ToArray()))
            .Order(Comparer<(string Id, GroupValue[] Values, RunView[] Runs)>.Create(static (a, b) => Compare(a.Values, b.Values)))
            .ToArray();
        return groups.Zip(Names([.. groups.Select(group => group.Values)]), (group, name) => (group.Id, name, (IReadOnlyList<RunView>)group.Runs));
    }

    /// <summary>
    /// The shortest names that still tell the groups apart: without what they all share and without what a group has not, or without one of
    /// the two, or with all.
    /// </summary>
    private static IReadOnlyList<string> Names(IReadOnlyList<GroupValue[]> groups)
    {
        bool Shared(int field) => groups.Skip(1).All(values => values[field].Text == groups[0][field].Text);
        IReadOnlyList<string> Of(Func<GroupValue, int, bool> said) =>
            [.. groups.Select(values => string.Join(", ", values.Where(said).Select(value => value.Text)))];
        IReadOnlyList<string>[] choices = [Of((value, field) => !value.Absent && !Shared(field)), Of((_, field) => !Shared(field)), Of((value, _) => !value.Absent), Of((_, _) => true)];
        return choices.FirstOrDefault(names => !names.Contains("") && names.Distinct(StringComparer.Ordinal).Count() == names.Count, choices[^1]);
    }

    private static IEnumerable<(string Id, string Name, IReadOnlyList<RunView> Runs)> BySetting(IReadOnlyList<RunView> runs, RunNames names)
    {
        var groups = runs.GroupBy(run => run.External is null ? (run.Spec with { Seed = 0 }).Fingerprint() : run.Fingerprint, StringComparer.Ordinal)
            .Select(group => (group.Key, First: group.First(), Runs: (IReadOnlyList<RunView>)[.. group.OrderBy(run => run.Spec.Seed)]))
            .OrderBy(group => group.First.Spec.Method.TableColumn ?? int.MaxValue).ThenBy(group => group.First.Spec.Method.ToString(), StringComparer.Ordinal)
            .ThenBy(group => group.First.Spec.Batch).ThenBy(group => group.First.Id);
        return groups.Select(group => (group.Key, names.OfSetting(group.First), group.Runs));
    }

    private static int Compare(GroupValue[] a, GroupValue[] b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            var order = a[i].Rank.CompareTo(b[i].Rank);
            if (order == 0)
                order = string.CompareOrdinal(a[i].Text, b[i].Text);
            if (order != 0)
                return order;
        }
        return 0;
    }

    public override string ToString() => _text;

    public bool Equals(RunGrouping? other) => other is not null && other._text == _text;

    public override bool Equals(object? obj) => Equals(obj as RunGrouping);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(RunGrouping? a, RunGrouping? b) => Equals(a, b);

    public static bool operator !=(RunGrouping? a, RunGrouping? b) => !Equals(a, b);
}

/// <summary>Runs that are drawn as one curve.</summary>
/// <param name="Id">Tells it from the other groups; the same as long as the grouping is.</param>
/// <param name="Name">What the legend says.</param>
/// <param name="Look">Its colour and dash.</param>
/// <param name="Runs">The runs.</param>
public sealed record CurveGroup(string Id, string Name, CurveLook Look, IReadOnlyList<RunView> Runs);
