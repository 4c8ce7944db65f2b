using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>Series as a page has read them: those of runs that have not moved since are not read again.</summary>
public sealed class KeptSeries
{
    public static readonly KeptSeries None = new("", []);

    private readonly string _question;
    private readonly Dictionary<long, (object Stamp, IReadOnlyList<MetricSeries> Series)> _runs;

    private KeptSeries(string question, Dictionary<long, (object, IReadOnlyList<MetricSeries>)> runs) => (_question, _runs) = (question, runs);

    /// <summary>All of them.</summary>
    public IEnumerable<MetricSeries> All => _runs.Values.SelectMany(run => run.Series);

    /// <summary>The same question about these runs, asked of storage only for those that are new or have moved.</summary>
    /// <param name="metrics">Storage.</param>
    /// <param name="query">The question; which runs it names does not matter.</param>
    /// <param name="runs">The runs.</param>
    public async Task<KeptSeries> NextAsync(IMetrics metrics, SeriesQuery query, IReadOnlyList<RunView> runs, CancellationToken cancellationToken)
    {
        var question = $"{string.Join(',', query.Keys)} {query.MaxPoints} {query.Axis} {query.From} {query.To}";
        var known = question == _question ? _runs : [];
        var wanted = runs.Where(run => !known.TryGetValue(run.Id, out var kept) || !kept.Stamp.Equals(Stamp(run))).Select(run => run.Id).ToArray();
        var read = wanted.Length == 0 ? [] : await metrics.SeriesAsync(query with { RunIds = wanted }, cancellationToken);
        var byRun = read.ToLookup(series => series.RunId);
        return new(question, runs.ToDictionary(
            run => run.Id,
            run => known.TryGetValue(run.Id, out var kept) && kept.Stamp.Equals(Stamp(run)) ? kept : (Stamp(run), (IReadOnlyList<MetricSeries>)[.. byRun[run.Id]])));
    }

    /// <summary>What has changed when a run has other points: they come with progress, in one write; those of an evaluation after the last step come with the end.</summary>
    internal static object Stamp(RunView run) => (run.State, run.Attempt, run.Progress, run.External?.LastReportAt);
}
