namespace Tracker.Web.Views.Grid;

/// <summary>The runs that are chosen in the grid.</summary>
public sealed class RunSelection
{
    private readonly HashSet<long> _ids = [];

    /// <summary>How many are chosen.</summary>
    public int Count => _ids.Count;

    /// <summary>Those that are chosen, newest first.</summary>
    public IReadOnlyList<long> Ids => [.. _ids.OrderDescending()];

    /// <summary>The row that was chosen last: where a range begins.</summary>
    public int? Anchor { get; private set; }

    public bool Has(long id) => _ids.Contains(id);

    /// <summary>Chooses a run, or no longer.</summary>
    public void Toggle(int row, long id)
    {
        if (!_ids.Remove(id))
            _ids.Add(id);
        Anchor = row;
    }

    /// <summary>The rows from the last chosen one to this one, both included.</summary>
    public (int Start, int Count) RangeTo(int row)
    {
        var from = Anchor ?? row;
        return (Math.Min(from, row), Math.Abs(row - from) + 1);
    }

    /// <summary>Chooses the runs of a range that ends at a row.</summary>
    public void Extend(int row, IEnumerable<long> ids)
    {
        _ids.UnionWith(ids);
        Anchor = row;
    }

    /// <summary>Chooses just these.</summary>
    public void Become(IEnumerable<long> ids)
    {
        Clear();
        _ids.UnionWith(ids);
    }

    public void Clear()
    {
        _ids.Clear();
        Anchor = null;
    }
}
