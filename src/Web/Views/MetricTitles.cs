using System.Text.RegularExpressions;
using Tracker.Domain;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>What people call metrics, and the order in which they are offered.</summary>
public static partial class MetricTitles
{
    private static readonly Dictionary<string, Curve> s_known = new Curve[]
    {
        new(MetricNames.ValidationTop5, "Validation accuracy, top 5", AxisUnit.Share),
        new(MetricNames.TestAccuracy, "Test accuracy", AxisUnit.Share),
        new(MetricNames.TestTop5, "Test accuracy, top 5", AxisUnit.Share),
        new(MetricNames.TestLoss, "Test loss", AxisUnit.Plain),
        new(MetricNames.Clipped, "Share of clipped gradients", AxisUnit.Share),
        new(MetricNames.WeightNorm, "Weight norm", AxisUnit.Plain),
        new(MetricNames.NoiseScale, "Gradient noise scale", AxisUnit.Count),
        new(MetricNames.SystemCpu, "CPU cores in use", AxisUnit.Plain),
        new(MetricNames.SystemMemory, "Memory, bytes", AxisUnit.Count),
        new(MetricNames.SystemGpu, "GPU busy, %", AxisUnit.Plain),
        new(MetricNames.SystemGpuMemory, "GPU memory, bytes", AxisUnit.Count),
    }.Concat(Curve.All).ToDictionary(curve => curve.Key);

    private static readonly IReadOnlyList<string> s_order = [.. Curve.All.Select(curve => curve.Key), .. s_known.Keys.Except(Curve.All.Select(curve => curve.Key))];

    /// <summary>A metric by its name in the data.</summary>
    public static Curve Of(string key) => s_known.GetValueOrDefault(key)
        ?? (key.StartsWith(MetricNames.LayerDistancePrefix, StringComparison.Ordinal)
            ? new(key, $"Weight distance of {key[MetricNames.LayerDistancePrefix.Length..]}", AxisUnit.Plain)
            : new(key, key, AxisUnit.Plain));

    /// <summary>The usual ones first, then by name, layers in the order of their numbers.</summary>
    public static IEnumerable<string> Sorted(IEnumerable<string> keys)
    {
        var there = keys.ToHashSet(StringComparer.Ordinal);
        return s_order.Where(there.Contains).Concat(there.Except(s_order).OrderBy(key => Numbered().Replace(key, digits => digits.Value.PadLeft(12, '0')), StringComparer.Ordinal));
    }

    /// <summary>Those that there are; <paramref name="chosen"/> is among them in any case.</summary>
    public static IReadOnlyList<Curve> Offered(IEnumerable<string> keys, string chosen) => [.. Sorted(keys.Append(chosen)).Select(Of)];

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Numbered();
}
