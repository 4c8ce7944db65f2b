using System.Numerics;

namespace Tracker.Storage.Metrics;

/// <summary>
/// Which steps share a bucket. Buckets begin at multiples of their width, a power of two, wherever a series begins or ends: while it grows only its
/// last bucket changes. On a linear scale all are equally wide; on a logarithmic one each doubling of the step is cut into as many, so widths double too.
/// </summary>
/// <param name="Fineness">The width as a power of two; on a logarithmic scale the number of buckets in each doubling, as a power of two.</param>
/// <param name="Logarithmic">Whether buckets widen with the step.</param>
internal readonly record struct BucketScale(int Fineness, bool Logarithmic)
{
    private const int Widest = 62;
    private const int MostInDoubling = 20;

    /// <summary>Each step is its own bucket.</summary>
    public static readonly BucketScale Points = new(0, false);

    /// <summary>The scale of the narrowest buckets of which at most <paramref name="most"/> cover the steps from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public static BucketScale Of(long first, long last, int most, bool logarithmic)
    {
        // Where not even one for each doubling is allowed, equal widths show more.
        for (var fineness = MostInDoubling; logarithmic && fineness >= 0; fineness--)
            if (new BucketScale(fineness, true) is var scale && scale.Count(first, last) <= most) return scale;
        for (var fineness = 0; fineness < Widest; fineness++)
            if (new BucketScale(fineness, false) is var scale && scale.Count(first, last) <= most) return scale;
        return new(Widest, false);
    }

    /// <summary>The width of the bucket of a step, as a power of two.</summary>
    public int Width(long step) => Logarithmic ? Math.Max(0, Doubling(step) - Fineness) : Fineness;

    /// <summary>The first step of a step's bucket.</summary>
    public long StartOf(long step)
    {
        var width = Width(step);
        return step >> width << width;
    }

    /// <summary>The last step of a step's bucket.</summary>
    public long EndOf(long step) => StartOf(step) + ((1L << Width(step)) - 1);

    /// <summary>
    /// The last step up to which buckets are as wide as that of <paramref name="step"/>; a bucket does not go beyond it. Where the width is one
    /// step this takes all such doublings together.
    /// </summary>
    public long EndOfWidth(long step) => Logarithmic ? (2L << Math.Max(Doubling(step), Fineness)) - 1 : long.MaxValue;

    private long Count(long first, long last) => Index(last) - Index(first) + 1;

    private long Index(long step)
    {
        var width = Width(step);
        return Logarithmic ? ((long)width << Fineness) + (step >> width) : step >> width;
    }

    private static int Doubling(long step) => BitOperations.Log2((ulong)Math.Max(step, 1));
}
