using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>Draws groups of runs: a run by itself with the range of its buckets, several as their mean with one standard deviation to both sides.</summary>
public static class GroupCurves
{
    /// <summary>With more curves than this, ranges of buckets would hide each other.</summary>
    public const int MostEnvelopes = 6;

    /// <summary>The curves of one metric, in the order of the groups; a group without points has none.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="series">The metric of their runs.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="smoothing">Weight of what was before, 0 to 0.99.</param>
    public static IReadOnlyList<ChartSeries> Draw(IReadOnlyList<CurveGroup> groups, IEnumerable<MetricSeries> series, Curve metric, double smoothing)
    {
        var byRun = series.Where(one => one.Key == metric.Key).ToDictionary(one => one.RunId);
        var drawn = new List<ChartSeries>(groups.Count);
        var envelopes = groups.Count <= MostEnvelopes;
        foreach (var group in groups)
        {
            var found = group.Runs.Select(run => byRun.GetValueOrDefault(run.Id)).OfType<MetricSeries>().Where(one => one.Buckets.Count > 0).ToArray();
            if (found.Length == 0)
                continue;
            var whole = new ChartSeries
            {
                Id = group.Id, Name = group.Name, Color = group.Look.Color, Dash = group.Look.Dash, Members = [.. group.Runs.Select(run => run.Id)],
                Style = metric.Key == MetricNames.LearningRate ? SeriesStyle.Steps : SeriesStyle.Line, EndDot = true, Xs = [], Ys = [],
            };
            drawn.Add(found.Length == 1 ? Single(whole, found[0].Buckets, smoothing, envelopes) : Mean(whole, found, smoothing));
        }
        return drawn;
    }

    private static ChartSeries Single(ChartSeries whole, IReadOnlyList<MetricBucket> buckets, double smoothing, bool envelope)
    {
        var values = Array.ConvertAll([.. buckets], bucket => (double?)bucket.Last);
        var ranged = envelope && buckets.Any(bucket => bucket.Max > bucket.Min);
        return whole with
        {
            Xs = [.. buckets.Select(bucket => bucket.X)],
            Ys = smoothing > 0 ? SeedCurve.Smooth(values, smoothing) : values,
            Raw = smoothing > 0 ? values : null,
            Smallest = ranged ? [.. buckets.Select(bucket => (double?)bucket.Min)] : null,
            Largest = ranged ? [.. buckets.Select(bucket => (double?)bucket.Max)] : null,
        };
    }

    private static ChartSeries Mean(ChartSeries whole, MetricSeries[] found, double smoothing)
    {
        var curve = SeedCurve.Of([.. found.Select(one => (IReadOnlyList<(double, double)>)[.. one.Buckets.Where(bucket => double.IsFinite(bucket.Last)).Select(bucket => (bucket.X, bucket.Last))])]);
        var smooth = curve.Smoothed(smoothing);
        return whole with { Xs = smooth.Xs, Ys = smooth.Mean, Low = smooth.Low, High = smooth.High, Raw = smoothing > 0 ? curve.Mean : null };
    }
}
