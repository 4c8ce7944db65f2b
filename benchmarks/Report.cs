using System.Text.Json;
using MathNet.Numerics.Statistics;

namespace Tracker.Benchmarks;

/// <summary>Minimum, median and maximum of a repeated measurement.</summary>
internal sealed record Spread(double Minimum, double Median, double Maximum, int Count)
{
    public static Spread Of(IReadOnlyCollection<double> values) => new(values.Min(), values.Median(), values.Max(), values.Count);
}

/// <summary>Writes results where later ones can be compared with them.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteAsync(string directory, string name, object results)
    {
        Directory.CreateDirectory(directory);
        var now = DateTimeOffset.UtcNow;
        var file = Path.Combine(directory, $"{name}-{now:yyyyMMdd-HHmmss}.json");
        var document = new { Benchmark = name, At = now, Cores = Environment.ProcessorCount, System = System.Runtime.InteropServices.RuntimeInformation.OSDescription, Results = results };
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(document, s_json));
        Console.WriteLine($"Written to {file}");
    }
}
