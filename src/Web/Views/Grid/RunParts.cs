using Tracker.Storage;

namespace Tracker.Web.Views.Grid;

/// <summary>
/// A long list of runs, fetched in parts where it is looked at. Places whose cursor is known are kept, so that a jump leaves out only
/// the rows between the nearest of them and its goal. The order stays as it was found. For one circuit: not thread-safe.
/// </summary>
public sealed class RunParts(Func<RunSearch, CancellationToken, Task<RunPage>> fetch, RunSearch search, int total)
{
    /// <summary>Rows of a part: about two screens.</summary>
    public const int Size = 60;

    /// <summary>Parts that are kept; those looked at longest ago go first.</summary>
    public const int MostKept = 40;

    private readonly Dictionary<int, FoundRun[]> _parts = [];
    private readonly List<int> _byUse = [];
    private readonly Dictionary<int, Task> _underWay = [];
    private readonly Dictionary<int, string> _cursors = [];

    /// <summary>How many rows there are: as counted, and corrected where the end turned out to be elsewhere.</summary>
    public int Total { get; private set; } = total;

    /// <summary>The run at a place, if it is loaded.</summary>
    public FoundRun? At(int index) =>
        _parts.TryGetValue(index / Size, out var part) && index % Size < part.Length ? part[index % Size] : null;

    /// <summary>Whether all rows of a stretch are loaded.</summary>
    public bool Has(int start, int count)
    {
        for (var part = start / Size; part * Size < Math.Min(start + count, Total); part++)
        {
            if (!IsWhole(part))
                return false;
        }
        return true;
    }

    /// <summary>Fetches what is missing of a stretch.</summary>
    public async Task LoadAsync(int start, int count, CancellationToken cancellationToken)
    {
        for (var part = Math.Max(0, start) / Size; part * Size < Math.Min(start + count, Total); part++)
        {
            Use(part);
            if (IsWhole(part))
                continue;
            // Whoever scrolls on gives up waiting, but not the fetch: another may wait for the same part.
            if (!_underWay.TryGetValue(part, out var fetching))
            {
                fetching = FetchAsync(part);
                if (!fetching.IsCompleted)
                    _underWay[part] = fetching;
            }
            await fetching.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Puts newer versions of runs where the runs are.</summary>
    public void Replace(IReadOnlyDictionary<long, FoundRun> newer)
    {
        foreach (var part in _parts.Values)
        {
            for (var i = 0; i < part.Length; i++)
            {
                // The cursor stays: the row keeps its place although what it is sorted by may have changed.
                if (newer.TryGetValue(part[i].Run.Id, out var found))
                    part[i] = found with { Cursor = part[i].Cursor };
            }
        }
    }

    private async Task FetchAsync(int part)
    {
        try
        {
            var start = part * Size;
            var known = _cursors.Keys.Where(place => place <= start).DefaultIfEmpty(0).Max();
            var stretch = search with { Cursor = _cursors.GetValueOrDefault(known), Skip = start - known, Limit = Size };
            var page = await fetch(stretch, CancellationToken.None);
            // A run that was deleted while the page was read is missing in it; without that run the page is full.
            if (IsShort(page))
                page = await fetch(stretch, CancellationToken.None);
            _parts[part] = [.. page.Runs];
            if (page.Runs.Count > 0)
                _cursors[start + page.Runs.Count] = page.Runs[^1].Cursor;
            if (!page.More)
                Total = Math.Min(Total, start + page.Runs.Count);
            DropOldest();
        }
        finally
        {
            _underWay.Remove(part);
        }
    }

    private static bool IsShort(RunPage page) => page.More && page.Runs.Count < Size;

    // One that is short although others follow is asked for again.
    private bool IsWhole(int part) => _parts.TryGetValue(part, out var rows) && rows.Length >= Math.Min(Size, Total - (part * Size));

    private void Use(int part)
    {
        _byUse.Remove(part);
        _byUse.Add(part);
    }

    private void DropOldest()
    {
        while (_parts.Count > MostKept && _byUse.Count > 0)
        {
            _parts.Remove(_byUse[0]);
            _byUse.RemoveAt(0);
        }
    }
}
