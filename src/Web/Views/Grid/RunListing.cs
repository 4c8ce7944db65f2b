using System.Collections.Frozen;
using Tracker.Storage;

namespace Tracker.Web.Views.Grid;

/// <summary>
/// The runs that a query found, in the order in which it found them: what is on screen follows the runs' changes, and rows stay where they
/// are until somebody asks for the list anew.
/// </summary>
public sealed class RunListing
{
    private const int MostChosen = 100_000;
    private static readonly TimeSpan s_recount = TimeSpan.FromSeconds(5);

    private readonly IRunSearch _source;
    private readonly TimeProvider _clock;
    private readonly RunParts _parts;
    private readonly long _newest;
    private readonly int _counted;
    private (int Start, int Count) _shown = (0, RunParts.Size);
    private long _recounted;
    private volatile FrozenSet<long> _watched = FrozenSet<long>.Empty;

    private RunListing(IRunSearch source, TimeProvider clock, GridQuery query, long newest, int total)
    {
        (_source, _clock, Query, _newest, _counted) = (source, clock, query, newest, total);
        _parts = new(source.PageAsync, query.Search, total);
        _recounted = clock.GetTimestamp();
    }

    /// <summary>What was asked for.</summary>
    public GridQuery Query { get; }

    /// <summary>How many runs are in the list.</summary>
    public int Total => _parts.Total;

    /// <summary>How many runs have come since that belong into the list.</summary>
    public int New { get; private set; }

    /// <summary>How many runs of the list no longer belong into it: deleted, or changed so that the filter does not match any more.</summary>
    public int Gone { get; private set; }

    /// <summary>Finds the runs and loads the first of them.</summary>
    public static async Task<RunListing> OpenAsync(IRunSearch source, TimeProvider clock, GridQuery query, CancellationToken cancellationToken)
    {
        // The newest first: a run that comes meanwhile is then told as new although it is in the list, rather than never.
        var newest = await source.PageAsync(new() { Limit = 1 }, cancellationToken);
        var total = await source.CountAsync(query.Search, cancellationToken);
        var listing = new RunListing(source, clock, query, newest.Runs is [var run, ..] ? run.Run.Id : 0, total);
        await listing.ShowAsync(0, RunParts.Size, cancellationToken);
        return listing;
    }

    /// <summary>Whether a change of the run alters what is on screen. May be called on any thread.</summary>
    public bool Shows(long runId) => _watched.Contains(runId);

    /// <summary>The run at a place, if it is loaded.</summary>
    public FoundRun? At(int index) => _parts.At(index);

    /// <summary>Whether these rows are loaded.</summary>
    public bool Has(int start, int count) => _parts.Has(start, count);

    /// <summary>From now on these rows are the ones on screen; what is not loaded of them is fetched.</summary>
    public async Task ShowAsync(int start, int count, CancellationToken cancellationToken)
    {
        _shown = (start, count);
        if (!_parts.Has(start, count))
            await _parts.LoadAsync(start, count, cancellationToken);
        if (_shown == (start, count))
            Watch();
    }

    /// <summary>Ids of the runs at these places, also where they are not loaded.</summary>
    public async Task<IReadOnlyList<long>> IdsAsync(int start, int count, CancellationToken cancellationToken)
    {
        var loaded = Loaded(start, count);
        return loaded.Count == Math.Clamp(Total - start, 0, count)
            ? [.. loaded.Select(found => found.Run.Id)]
            : [.. (await _source.IdsAsync(Query.Search with { Limit = start + count }, cancellationToken)).Skip(start)];
    }

    /// <summary>Ids of all runs of the list, up to more than anybody acts on at once.</summary>
    public Task<IReadOnlyList<long>> AllIdsAsync(CancellationToken cancellationToken) => IdsAsync(0, Math.Min(Total, MostChosen), cancellationToken);

    /// <summary>Brings the rows on screen up to date, and tells what else has changed.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var (start, count) = _shown;
        await _parts.LoadAsync(start, count, cancellationToken);
        Watch();
        if (_watched.Count > 0)
        {
            var page = await _source.PageAsync(
                new() { Within = Filters.Among(_watched.Order()), Limit = _watched.Count, Metrics = Query.Metrics }, cancellationToken);
            _parts.Replace(page.Runs.ToDictionary(run => run.Run.Id));
        }
        New = await _source.CountAsync(Query.Search with { Within = Filters.And(Query.Within, Filters.Newer(_newest)) }, cancellationToken);
        if (_clock.GetElapsedTime(_recounted) < s_recount)
            return;
        _recounted = _clock.GetTimestamp();
        Gone = Math.Max(0, _counted - (await _source.CountAsync(Query.Search, cancellationToken) - New));
    }

    private void Watch() => _watched = Loaded(_shown.Start, _shown.Count).Select(found => found.Run.Id).ToFrozenSet();

    private List<FoundRun> Loaded(int start, int count) =>
        [.. Enumerable.Range(start, Math.Clamp(Total - start, 0, count)).Select(_parts.At).OfType<FoundRun>()];
}
