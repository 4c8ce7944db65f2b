using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views.Grid;

/// <summary>What the page of runs shows, as its address says it.</summary>
/// <param name="Filter">Which runs.</param>
/// <param name="Order">In which order.</param>
/// <param name="Columns">What about each.</param>
public sealed record GridQuery(string Filter, RunOrder Order, IReadOnlyList<RunColumn> Columns)
{
    /// <summary>What must hold besides the filter, where the two do not fit into one text.</summary>
    public FilterExpression? Within { get; init; }

    /// <summary>The search for it.</summary>
    public RunSearch Search => new() { Filter = Filter, Within = Within, Order = Order, Metrics = Metrics };

    /// <summary>Whether runs are left out.</summary>
    public bool Restricts => Filter.Length > 0 || Within is not null;

    /// <summary>Metrics whose values the columns need.</summary>
    public IReadOnlyList<string> Metrics => [.. Columns.Select(column => column.Metric).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>Reads the parameters of the address.</summary>
    /// <param name="filter">An expression of the filter language.</param>
    /// <param name="sort">A field, with a minus before it for the largest first.</param>
    /// <param name="columns">Names of columns, separated by commas.</param>
    /// <param name="ids">Just these runs.</param>
    /// <param name="before">Runs older than this one.</param>
    public static GridQuery Read(string? filter, string? sort, string? columns, string? ids = null, long? before = null)
    {
        var own = filter?.Trim() ?? "";
        var (text, within) = (own, (FilterExpression?)null);
        if (Filters.Ids(ids) is { Count: > 0 } list)
            (text, within) = (Filters.And(text, Filters.OfIds(list)), Filters.Among(list));
        if (before is { } id)
            (text, within) = (Filters.And(text, $"id < {id}"), Filters.And(within, Filters.Older(id)));
        // A filter close to its limits has no room for more.
        return within is null || Filters.IsFilter(text) || !Filters.IsFilter(own)
            ? new(text, ReadOrder(sort), RunColumns.Read(columns))
            : new(own, ReadOrder(sort), RunColumns.Read(columns)) { Within = within };
    }

    /// <summary>Whether both list the same runs with the same values, in the same order.</summary>
    public bool Finds(GridQuery other) => Filter == other.Filter && Equals(Within, other.Within) && Order == other.Order && Metrics.SequenceEqual(other.Metrics);

    /// <summary>The order as the address says it; nothing for the usual one.</summary>
    public static string? Write(RunOrder order) => order == RunOrder.Newest ? null : (order.Descending ? "-" : "") + order.Field;

    /// <summary>The order after a click on a column's head: numbers and times largest first, texts from A, then the other way, then the usual order.</summary>
    public RunOrder Toggled(RunColumn column)
    {
        var field = column.Sort ?? throw new ArgumentException($"Expected a column that can be sorted by, not '{column.Name}'.", nameof(column));
        var first = new RunOrder(field, column.LargestFirst);
        if (Order.Field != field)
            return first;
        return Order == first ? first with { Descending = !first.Descending } : RunOrder.Newest;
    }

    private static RunOrder ReadOrder(string? text) => text?.Trim() switch
    {
        null or "" or "-" => RunOrder.Newest,
        ['-', .. var field] => new(field, true),
        var field => new(field, false),
    };
}
