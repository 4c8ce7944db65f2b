namespace Tracker.Storage.Metrics;

/// <summary>What is known of a series before it is read.</summary>
/// <param name="RunId">The run.</param>
/// <param name="MetricId">The metric.</param>
/// <param name="Key">The metric's name.</param>
/// <param name="Points">How many points it has.</param>
/// <param name="First">Its first step.</param>
/// <param name="Last">Its last step.</param>
/// <param name="Finest">Its narrowest buckets that are kept; <see langword="null"/> when there are none.</param>
/// <param name="SamplesPerEpoch">Training samples in an epoch of the run.</param>
/// <param name="From">First step of the wanted stretch; <see langword="null"/> when that is the series' first. Beyond the last one when the stretch lies there.</param>
/// <param name="To">Last step of the wanted stretch; <see langword="null"/> when that is the series' last.</param>
internal sealed record SeriesHead(
    long RunId, short MetricId, string Key, long Points, long First, long Last, int? Finest, int SamplesPerEpoch, long? From, long? To);

/// <summary>Rows of one level to read, of a series or part of it.</summary>
/// <param name="Series">Index of the series among those that are read.</param>
/// <param name="Level">Level of the buckets that are kept; 0 for points.</param>
/// <param name="First">First row: a bucket of that level, or a step.</param>
/// <param name="Last">Last row.</param>
/// <param name="Before">Where rows of the bucket before are wanted too: rows in a bucket, as a power of two.</param>
/// <param name="After">Where rows of the bucket after are wanted too: rows in a bucket, as a power of two.</param>
internal readonly record struct SeriesPiece(int Series, int Level, long First, long Last, int? Before, int? After);

/// <summary>How a series is read: its buckets, and the rows from which they are made.</summary>
/// <param name="Scale">Which steps share a bucket.</param>
/// <param name="First">First step of the stretch.</param>
/// <param name="Last">Last step of the stretch.</param>
internal sealed record SeriesPlan(SeriesHead Head, BucketScale Scale, long First, long Last)
{
    /// <summary>
    /// Rows that are read for all series together before those with many are drawn coarser: about a quarter of a second. A hundred series of
    /// thousands of points each lie so close on a chart that fewer buckets show as much.
    /// </summary>
    private const long MostRows = 150_000;

    /// <summary>Plans the reading of many series together.</summary>
    public static IReadOnlyList<SeriesPlan> Of(IReadOnlyList<SeriesHead> heads, int maxPoints, bool logarithmic)
    {
        var share = Math.Max(maxPoints, MostRows / Math.Max(1, heads.Count));
        return [.. heads.Select(head => Of(head, maxPoints, logarithmic).Within(share))];
    }

    /// <summary>The most buckets that it can have, but for one on each side of a stretch.</summary>
    public static long MostBuckets(SeriesHead head, int maxPoints)
    {
        var (first, last) = (Math.Max(head.From ?? head.First, head.First), Math.Min(head.To ?? head.Last, head.Last));
        return Math.Min(Math.Min(head.Points, maxPoints), Math.Max(0, last - first) + 1);
    }

    /// <summary>The pieces to read, in the order of their steps.</summary>
    /// <param name="series">The series' index.</param>
    public IEnumerable<SeriesPiece> Pieces(int series)
    {
        var (first, end) = (Scale.StartOf(First), Last < First ? Scale.StartOf(First) - 1 : Scale.EndOf(Last));
        for (var (from, more) = (first, true); more; )
        {
            var to = Math.Min(Scale.EndOfWidth(from), end);
            more = to < end;
            var width = Scale.Width(from);
            var level = Level(width);
            yield return new(
                series, level, from >> level, to >> level,
                from == first && Head.From is not null ? width - level : null, !more && Head.To is not null ? width - level : null);
            from = to + 1;
        }
    }

    private static SeriesPlan Of(SeriesHead head, int maxPoints, bool logarithmic)
    {
        var (first, last) = (Math.Max(head.From ?? head.First, head.First), Math.Min(head.To ?? head.Last, head.Last));
        var scale = head.Points <= maxPoints || last <= first ? BucketScale.Points : BucketScale.Of(first, last, maxPoints, logarithmic);
        return new(head, scale, first, last);
    }

    /// <summary>The same, or as wide as the next level that is kept, until there are no more rows than that.</summary>
    private SeriesPlan Within(long rows)
    {
        if (Scale.Logarithmic || Head.Finest is not { } finest) return this;
        var plan = this;
        foreach (var level in SeriesUpkeep.Levels.Where(l => l >= finest && l > Scale.Fineness))
        {
            if (plan.Rows <= rows) break;
            plan = plan with { Scale = new(level, false) };
        }
        return plan;
    }

    private long Rows => Math.Min(Head.Points, (Last - First) >> Level(Scale.Fineness));

    /// <summary>The widest level that is kept and not wider than a bucket; 0, the points, when there is none.</summary>
    private int Level(int width) =>
        Head.Finest is { } finest ? SeriesUpkeep.Levels.Where(l => l >= finest && l <= width).DefaultIfEmpty((short)0).Max() : 0;
}
