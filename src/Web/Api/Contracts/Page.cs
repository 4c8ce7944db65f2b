namespace Tracker.Web.Api;

/// <summary>A page of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">Pass it as cursor to get the next page; null when this is the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;
}

/// <summary>Makes pages of lists that are read one item beyond the limit.</summary>
public static class Pages
{
    public static Page<TOut> Of<TIn, TOut>(IReadOnlyList<TIn> oneMore, int limit, Func<TIn, TOut> convert, Func<TIn, string> cursor) => new(
        [.. oneMore.Take(limit).Select(convert)], oneMore.Count > limit ? cursor(oneMore[limit - 1]) : null);
}
