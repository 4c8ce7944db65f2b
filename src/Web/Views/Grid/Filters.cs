using System.Globalization;

namespace Tracker.Web.Views.Grid;

/// <summary>Filters put together from parts.</summary>
public static class Filters
{
    /// <summary>Both conditions; an empty one does not restrict.</summary>
    public static string And(string filter, string condition) =>
        filter.Length == 0 ? condition : condition.Length == 0 ? filter : $"{Closed(filter)} and {condition}";

    /// <summary>Just these runs.</summary>
    public static string OfIds(IEnumerable<long> ids) => $"id in ({string.Join(", ", ids)})";

    /// <summary>Ids separated by commas; what is none is left out.</summary>
    public static IReadOnlyList<long> Ids(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Distinct()];

    private static string Closed(string filter) => Conjuncts.HasOr(filter) ? $"({filter})" : filter;
}
