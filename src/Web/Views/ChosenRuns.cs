namespace Tracker.Web.Views;

/// <summary>Runs that were chosen on a page, to act on them together.</summary>
public sealed class ChosenRuns
{
    private readonly HashSet<long> _ids = [];

    public int Count => _ids.Count;

    /// <summary>The chosen runs by id.</summary>
    public IReadOnlyList<long> Ids => [.. _ids.Order()];

    public bool Contains(long id) => _ids.Contains(id);

    /// <summary>Whether all of some runs are chosen; of none they are not.</summary>
    public bool ContainsAll(IReadOnlyCollection<long> ids) => ids.Count > 0 && ids.All(_ids.Contains);

    /// <summary>Chooses all of some runs, or, when all of them are chosen, none of them.</summary>
    public void Toggle(IReadOnlyCollection<long> ids)
    {
        if (ContainsAll(ids))
            _ids.ExceptWith(ids);
        else
            _ids.UnionWith(ids);
    }

    public void Clear() => _ids.Clear();

    /// <summary>Drops those that are no longer there.</summary>
    public void Keep(IEnumerable<long> ids) => _ids.IntersectWith(ids);
}
