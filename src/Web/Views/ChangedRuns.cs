namespace Tracker.Web.Views;

/// <summary>
/// Runs that have changed since a page last showed them. Changes come on the listener's thread while the page loads on its own, and a load
/// may be overtaken by another: what changed counts as shown only when something that was loaded after it is shown.
/// </summary>
public sealed class ChangedRuns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _runs = [];
    private long _count;
    private long _all;

    /// <summary>What had changed when a load began.</summary>
    /// <param name="Runs">The runs.</param>
    /// <param name="All">Whether others may have changed as well.</param>
    /// <param name="At">Up to which change.</param>
    public readonly record struct Known(IReadOnlyList<long> Runs, bool All, long At);

    public void Add(long run)
    {
        lock (_lock)
            _runs[run] = ++_count;
    }

    /// <summary>Anything may have changed.</summary>
    public void AddAll()
    {
        lock (_lock)
            _all = ++_count;
    }

    /// <summary>To be called before a load.</summary>
    public Known Look()
    {
        lock (_lock)
            return new([.. _runs.Keys], _all > 0, _count);
    }

    /// <summary>To be called when what was loaded is shown.</summary>
    public void Shown(Known known)
    {
        lock (_lock)
        {
            foreach (var run in known.Runs.Where(run => _runs.TryGetValue(run, out var at) && at <= known.At))
                _runs.Remove(run);
            if (_all <= known.At)
                _all = 0;
        }
    }
}
