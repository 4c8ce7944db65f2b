using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What the page of a sweep shows.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Runs">Its runs, reused ones included.</param>
/// <param name="Groups">The same by everything but the seed.</param>
/// <param name="Metrics">The metrics that they have.</param>
public sealed record SweepModel(SweepView Sweep, IReadOnlyList<RunView> Runs, IReadOnlyList<RunGroup> Groups, IReadOnlyList<string> Metrics)
{
    private const int MostSampled = 3;

    /// <summary>For how long only runs that were told of are read.</summary>
    public static readonly TimeSpan LongestPartial = TimeSpan.FromSeconds(10);

    private readonly Lazy<Dictionary<long, int>> _places = new(() => Runs.Index().ToDictionary(run => run.Item.Id, run => run.Index));

    /// <summary>What the chart draws.</summary>
    public required SweepChart Chart { get; init; }

    /// <summary>The chosen metric of the runs on the chart.</summary>
    public required KeptSeries Series { get; init; }

    /// <summary>What had changed when this was loaded.</summary>
    public required ChangedRuns.Known Known { get; init; }

    /// <summary>What the page's address asked for.</summary>
    public required object Asked { get; init; }

    /// <summary>When all runs were read; what came since are runs that were told of.</summary>
    public required DateTimeOffset Whole { get; init; }

    /// <summary>
    /// Whether a load reads all runs: when anything may have changed, when nothing is known to have and nothing else is asked for (the regular look), and
    /// at the latest after <see cref="LongestPartial"/>, since a busy sweep always has changes that are known of.
    /// </summary>
    public bool IsDue(ChangedRuns.Known known, object asked, DateTimeOffset now) =>
        known.All || (known.Runs.Count == 0 && Equals(Asked, asked)) || now - Whole >= LongestPartial;

    /// <summary>Whether the sweep shows a run.</summary>
    public bool Shows(long run) => _places.Value.ContainsKey(run);

    /// <summary>The runs as they are after some were looked up: those newer, or gone where they were not found; the same list when none was.</summary>
    public IReadOnlyList<RunView> With(IReadOnlyCollection<long> asked, IReadOnlyList<RunView> found)
    {
        if (!asked.Any(Shows))
            return Runs;
        var newer = found.ToDictionary(run => run.Id);
        var gone = asked.Where(run => !newer.ContainsKey(run)).ToHashSet();
        return [.. Runs.Where(run => !gone.Contains(run.Id)).Select(run => newer.TryGetValue(run.Id, out var now) ? now with { Reused = run.Reused } : run)];
    }

    /// <summary>Runs of every technique that stand for all where it is asked which metrics there are.</summary>
    public static IReadOnlyList<long> Sample(IEnumerable<RunView> runs) =>
        [.. runs.Where(run => run.Attempt > 0 || run.Result is not null).GroupBy(run => run.Spec.Method).SelectMany(same => same.Take(MostSampled)).Select(run => run.Id)];

    /// <summary>The large batches, of which the chart shows one beside SB, or all.</summary>
    public static IReadOnlyList<int> LargeBatches(IEnumerable<RunView> runs) => [.. runs.Where(run => run.Spec.Method.LargeBatch).Select(run => run.Spec.Batch).Distinct().Order()];

    /// <summary>The batch of an address: a large one, or null for all of them; the largest where nothing is said.</summary>
    public static int? Batch(string? text, IReadOnlyList<int> batches) => text == AllBatches || batches.Count == 0
        ? null
        : int.TryParse(text, out var chosen) && batches.Contains(chosen) ? chosen : batches[^1];

    /// <summary>Says in an address that all batches are drawn.</summary>
    public const string AllBatches = "all";
}
