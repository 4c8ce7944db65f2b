namespace Tracker.Storage.Metrics;

/// <summary>A bucket that is kept, or a point.</summary>
internal readonly record struct SeriesRow(long Points, double Min, double Max, long Step, float Epoch, long WallMs, double Value);

/// <summary>Makes the buckets that are wanted from narrower ones.</summary>
internal static class SeriesMerge
{
    /// <summary>The series of a plan.</summary>
    /// <param name="plan">How it was read.</param>
    /// <param name="rows">What was read, in any order; is sorted.</param>
    /// <param name="axis">What its buckets are placed on.</param>
    public static MetricSeries Merge(SeriesPlan plan, List<SeriesRow> rows, MetricAxis axis)
    {
        // Rows come in order as a rule, but nobody promises it.
        if (!IsSorted(rows)) rows.Sort((a, b) => a.Step.CompareTo(b.Step));
        var buckets = new List<MetricBucket>();
        var points = 0L;
        for (var i = 0; i < rows.Count; )
        {
            var (bucket, low, high) = (plan.Scale.StartOf(rows[i].Step), double.NaN, double.NaN);
            var last = rows[i];
            for (; i < rows.Count && plan.Scale.StartOf(rows[i].Step) == bucket; i++)
            {
                last = rows[i];
                points += last.Points;
                (low, high) = (double.MinNumber(low, last.Min), double.MaxNumber(high, last.Max));
            }
            buckets.Add(new(Position(axis, last, plan.Head.SamplesPerEpoch), last.Step, low, high, last.Value));
        }
        return new(plan.Head.RunId, plan.Head.Key, points, buckets);
    }

    private static bool IsSorted(List<SeriesRow> rows)
    {
        for (var i = 1; i < rows.Count; i++)
            if (rows[i - 1].Step > rows[i].Step) return false;
        return true;
    }

    private static double Position(MetricAxis axis, in SeriesRow row, int samplesPerEpoch) => axis switch
    {
        MetricAxis.Step or MetricAxis.LogStep => row.Step,
        MetricAxis.Epoch => row.Epoch,
        MetricAxis.Samples => Math.Round((double)row.Epoch * samplesPerEpoch),
        MetricAxis.Time => row.WallMs / 1000.0,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "There is no such axis."),
    };
}
