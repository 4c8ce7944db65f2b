using System.Runtime.InteropServices;
using Tracker.Domain;

namespace Tracker.Storage.Metrics;

/// <summary>Some points of one series taken together: what there is of it altogether, or what falls into one bucket.</summary>
internal sealed class SeriesPart(short metricId, short level, long bucket)
{
    public short MetricId => metricId;

    public short Level => level;

    public long Bucket => bucket;

    public long Points { get; private set; }

    public long FirstStep { get; private set; } = long.MaxValue;

    /// <summary>The smallest value that is a number; NaN while there is none.</summary>
    public double Min { get; private set; } = double.NaN;

    /// <summary>The largest value that is a number; NaN while there is none.</summary>
    public double Max { get; private set; } = double.NaN;

    /// <summary>The point of the highest step.</summary>
    public MetricPoint Last { get; private set; }

    /// <summary>Every series among <paramref name="points"/> by its metric: as a whole, and as buckets of the narrowest level.</summary>
    public static Dictionary<short, (SeriesPart Whole, List<SeriesPart> Buckets)> Of(IReadOnlyList<MetricPoint> points, IReadOnlyDictionary<string, short> metricIds)
    {
        var narrowest = SeriesUpkeep.Levels[0];
        var found = new Dictionary<string, (SeriesPart Whole, List<SeriesPart> Buckets)>(StringComparer.Ordinal);
        foreach (var point in points)
        {
            ref var series = ref CollectionsMarshal.GetValueRefOrAddDefault(found, point.Name, out var known);
            if (!known) series = (new(metricIds[point.Name], 0, 0), []);
            series.Whole.Add(point);
            Into(series.Buckets, series.Whole.MetricId, narrowest, point.Step >> narrowest).Add(point);
        }
        return found.Values.ToDictionary(s => s.Whole.MetricId);
    }

    /// <summary>The same buckets at every level from <paramref name="finest"/> on, each made from the one before.</summary>
    public static IEnumerable<SeriesPart> Levels(List<SeriesPart> narrowest, short finest)
    {
        var parts = narrowest;
        foreach (var level in SeriesUpkeep.Levels)
        {
            if (level > SeriesUpkeep.Levels[0])
            {
                var wider = new List<SeriesPart>();
                foreach (var part in parts) Into(wider, part.MetricId, level, part.Bucket >> (level - part.Level)).Add(part);
                parts = wider;
            }
            if (level < finest) continue;
            foreach (var part in parts) yield return part;
        }
    }

    /// <summary>Keeps the parts in order. Points come by ascending step as a rule, so that their bucket is the last one.</summary>
    private static SeriesPart Into(List<SeriesPart> parts, short metricId, short level, long bucket)
    {
        var place = parts.Count;
        while (place > 0 && parts[place - 1].Bucket > bucket) place--;
        if (place > 0 && parts[place - 1].Bucket == bucket) return parts[place - 1];
        var part = new SeriesPart(metricId, level, bucket);
        parts.Insert(place, part);
        return part;
    }

    private void Add(in MetricPoint point)
    {
        if (Points == 0 || point.Step > Last.Step) Last = point;
        FirstStep = Math.Min(FirstStep, point.Step);
        Min = double.MinNumber(Min, point.Value);
        Max = double.MaxNumber(Max, point.Value);
        Points++;
    }

    private void Add(SeriesPart part)
    {
        if (Points == 0 || part.Last.Step > Last.Step) Last = part.Last;
        FirstStep = Math.Min(FirstStep, part.FirstStep);
        Min = double.MinNumber(Min, part.Min);
        Max = double.MaxNumber(Max, part.Max);
        Points += part.Points;
    }
}
