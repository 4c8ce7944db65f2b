using System.Globalization;
using Tracker.Domain;

namespace Tracker.Web.Views.Grid;

/// <summary>Filters put together from parts.</summary>
public static class Filters
{
    private static readonly FilterField s_id = FilterFields.Find("id")!;

    /// <summary>Both conditions; an empty one does not restrict.</summary>
    public static string And(string filter, string condition) =>
        filter.Length == 0 ? condition : condition.Length == 0 ? filter : $"{Closed(WithoutEnd(filter))} and {condition}";

    /// <summary>Both conditions; none does not restrict.</summary>
    public static FilterExpression? And(FilterExpression? one, FilterExpression? other) =>
        one is null ? other : other is null ? one : new FilterAnd(one, other);

    /// <summary>Whether it can be understood.</summary>
    public static bool IsFilter(string text)
    {
        try
        {
            FilterParser.Parse(text);
            return true;
        }
        catch (FilterException)
        {
            return false;
        }
    }

    /// <summary>Just these runs.</summary>
    public static string OfIds(IEnumerable<long> ids) => $"id in ({string.Join(", ", ids)})";

    /// <summary>Just these runs, however many.</summary>
    public static FilterExpression Among(IEnumerable<long> ids) => new FilterMembership(s_id, [.. ids.Select(id => new FilterNumber(id))], Negated: false);

    /// <summary>Runs newer than this one.</summary>
    public static FilterExpression Newer(long id) => new FilterComparison(s_id, FilterOperator.Greater, new FilterNumber(id));

    /// <summary>Runs older than this one.</summary>
    public static FilterExpression Older(long id) => new FilterComparison(s_id, FilterOperator.Less, new FilterNumber(id));

    /// <summary>Ids separated by commas; what is none is left out.</summary>
    public static IReadOnlyList<long> Ids(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Distinct()];

    // A filter may end with an "and" that nothing follows yet.
    private static string WithoutEnd(string filter)
    {
        var text = filter.TrimEnd();
        return Conjuncts.EndsWithAnd(text) ? text[..^3].TrimEnd() : text;
    }

    private static string Closed(string filter) => Conjuncts.HasOr(filter) ? $"({filter})" : filter;
}
