using System.Globalization;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>A part of what lies in the recycle bin, and for how long things stay there.</summary>
public sealed record BinModel(IReadOnlyList<BinItem> Items, string? Next, int? Days)
{
    public const int PageSize = 50;

    public static BinModel From(IReadOnlyList<BinItem> oneMore, int? days) => new(
        [.. oneMore.Take(PageSize)], oneMore.Count > PageSize ? Place(oneMore[PageSize - 1]) : null, days);

    /// <summary>How long things stay, in a sentence.</summary>
    public string Rule => Days switch
    {
        null => "What is deleted stays here until somebody purges it.",
        0 => "What is deleted goes for good within a minute.",
        { } days => $"What is deleted stays here for {Numbers.Of(days, "day")} and then goes for good.",
    };

    /// <summary>Reads a place in the list from the page's address; the beginning when it is none.</summary>
    public static BinPlace? Read(string? text) =>
        text?.Split('-') is [var ticks, var kind, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.Ticks
        && Enum.TryParse<BinKind>(kind, ignoreCase: true, out var of) && Enum.IsDefined(of) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(new(at, TimeSpan.Zero), of, number)
            : null;

    private static string Place(BinItem last) => string.Create(CultureInfo.InvariantCulture, $"{last.DeletedAt.UtcTicks}-{last.Kind.ToString().ToLowerInvariant()}-{last.Id}");
}
