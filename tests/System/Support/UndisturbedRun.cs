using System.Diagnostics;
using System.Text.Json;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.System.Tests.Support;

/// <summary>One metric point, as far as two trainings of the same run must agree.</summary>
internal readonly record struct Point(string Name, long Step, double Value);

/// <summary>What a run comes to that nobody disturbs: trained by itself on one thread, without host and database.</summary>
/// <param name="WeightsSha256">Checksum of the trained weights.</param>
/// <param name="Steps">Weight updates.</param>
/// <param name="Accuracy">Final validation accuracy.</param>
/// <param name="Best">Best validation accuracy.</param>
/// <param name="SecondsPerEpoch">How long it trained and evaluated.</param>
/// <param name="Points">All points but those of the machine, ordered by name and step.</param>
internal sealed record UndisturbedRun(string WeightsSha256, long Steps, double Accuracy, double Best, double SecondsPerEpoch, IReadOnlyList<Point> Points)
{
    /// <summary>Trains it.</summary>
    public static async Task<UndisturbedRun> TrainAsync(RunSpec spec)
    {
        var folder = Directory.CreateTempSubdirectory("tracker-undisturbed-").FullName;
        try
        {
            var file = Path.Combine(folder, "run.json");
            await File.WriteAllTextAsync(file, spec.ToJson());
            var start = new ProcessStartInfo(HostProcess.Program, ["train", "--spec", file, "--out", folder, "--threads", "1"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Limits.Run);
            if (process.ExitCode != 0) throw new InvalidOperationException($"The undisturbed training ended with {process.ExitCode}: {errors}{await output}");
            return Read(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Asserts that a training of the same run cannot be told apart from this one, but by how fast it went.</summary>
    public void ShouldBeLike(RunView run, IEnumerable<Point> recorded)
    {
        var result = run.Result.ShouldNotBeNull();
        result.WeightsSha256.ShouldBe(WeightsSha256, $"run {run.Id}");
        (result.Steps, result.FinalValidationAccuracy, result.BestValidationAccuracy).ShouldBe((Steps, Accuracy, Best), $"run {run.Id}");
        Points.Count.ShouldBeGreaterThan(100);
        var points = Comparable(recorded);
        points.Select(p => (p.Name, p.Step)).ShouldBe(Points.Select(p => (p.Name, p.Step)), $"run {run.Id}");
        points.Where(IsDeterministic).ShouldBe(Points.Where(IsDeterministic), $"run {run.Id}");
    }

    /// <summary>A clock decides at which steps the machine is measured.</summary>
    private static IReadOnlyList<Point> Comparable(IEnumerable<Point> points) =>
        [.. points.Where(p => !MetricNames.IsOfSystem(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Step)];

    private static bool IsDeterministic(Point point) => point.Name != MetricNames.SamplesPerSecond;

    private static UndisturbedRun Read(string folder)
    {
        using var result = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "result.json")));
        var root = result.RootElement;
        var points = Comparable(File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Select(ReadPoint));
        return new(
            root.GetProperty("weightsSha256").GetString()!, root.GetProperty("steps").GetInt64(),
            root.GetProperty("finalValidationAccuracy").GetDouble(), root.GetProperty("bestValidationAccuracy").GetDouble(),
            (root.GetProperty("trainSeconds").GetDouble() + root.GetProperty("evalSeconds").GetDouble()) / root.GetProperty("epochs").GetInt32(), points);
    }

    private static Point ReadPoint(string line)
    {
        using var point = JsonDocument.Parse(line);
        return new(point.RootElement.GetProperty("name").GetString()!, point.RootElement.GetProperty("step").GetInt64(), point.RootElement.GetProperty("value").GetDouble());
    }
}
