using System.Text.Json;

namespace Tracker.Benchmarks;

/// <summary>Our stand-alone training against the same training in PyTorch, as whole processes, in turn, on one thread each.</summary>
internal sealed class TrainingBenchmark(string jobs, string results)
{
    private const int Repetitions = 5;
    private const int Examples = 20_000;
    private const int Epochs = 4;

    private static readonly (string Name, int Batch, int? Ghost)[] s_cases = [("SB 128", 128, null), ("LB 2048, ghost batch 128", 2048, 128)];

    public async Task RunAsync()
    {
        Console.WriteLine($"F1 on Fashion-MNIST, {Examples:N0} images, {Epochs} epochs, 1 thread, {Repetitions} times in turn; medians.");
        Console.WriteLine($"{"",-26}{"tracker",14}{"PyTorch",14}{"ratio",8}{"memory",10}{"PyTorch",10}{"accuracy",10}{"PyTorch",10}");
        var all = new List<object>();
        foreach (var (name, batch, ghost) in s_cases)
        {
            var ours = new List<Measurement>();
            var theirs = new List<Measurement>();
            for (var i = 0; i < Repetitions; i++)
            {
                ours.Add(await OursAsync(batch, ghost));
                theirs.Add(await TheirsAsync(batch, ghost));
            }
            all.Add(Show(name, ours, theirs));
        }
        await Report.WriteAsync(results, "training", all);
    }

    private sealed record Measurement(double SamplesPerSecond, double Accuracy, double WholeSeconds, long PeakBytes);

    private static object Show(string name, List<Measurement> ours, List<Measurement> theirs)
    {
        var (a, b) = (Summary(ours), Summary(theirs));
        var ratio = a.SamplesPerSecond.Median / b.SamplesPerSecond.Median;
        Console.WriteLine(
            $"{name,-26}{a.SamplesPerSecond.Median,10:N0} /s{b.SamplesPerSecond.Median,12:N0} /s{ratio,7:0.00}{a.PeakMegabytes.Median,7:N0} MB{b.PeakMegabytes.Median,7:N0} MB{ours[0].Accuracy,10:P1}{theirs[0].Accuracy,10:P1}");
        return new { Case = name, Tracker = a, PyTorch = b, SpeedRatio = ratio };
    }

    private static (Spread SamplesPerSecond, Spread WholeSeconds, Spread PeakMegabytes) Measures(List<Measurement> all) => (
        Spread.Of([.. all.Select(m => m.SamplesPerSecond)]), Spread.Of([.. all.Select(m => m.WholeSeconds)]), Spread.Of([.. all.Select(m => m.PeakBytes / 1e6)]));

    private static Sums Summary(List<Measurement> all)
    {
        var (speed, whole, memory) = Measures(all);
        return new(speed, whole, memory, [.. all.Select(m => m.Accuracy)]);
    }

    private sealed record Sums(Spread SamplesPerSecond, Spread WholeSeconds, Spread PeakMegabytes, IReadOnlyList<double> Accuracies);

    private async Task<Measurement> OursAsync(int batch, int? ghost)
    {
        var directory = Directory.CreateTempSubdirectory("tracker-bench-").FullName;
        try
        {
            var spec = Path.Combine(directory, "run.json");
            await File.WriteAllTextAsync(spec, JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["network"] = "f1", ["dataset"] = "fashion-mnist", ["method"] = ghost is null ? "sb" : "lb+gbn", ["smallBatch"] = 128, ["batch"] = batch,
                ["seed"] = 0, ["epochs"] = Epochs, ["trainExamples"] = Examples, ["parameters"] = new { learningRate = 0.02 },
            }.Concat(ghost is null ? [] : [KeyValuePair.Create("ghostBatch", (object?)ghost)]).ToDictionary()));
            var process = await MeasuredProcess.RunAsync("dotnet", jobs, "train", "--spec", spec, "--out", directory, "--threads", "1");
            using var result = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "result.json")));
            return Measure(result.RootElement, process);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Measurement> TheirsAsync(int batch, int? ghost)
    {
        var process = await MeasuredProcess.RunAsync(
            "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "pytorch_peer.py"), $"--batch={batch}", $"--ghost={ghost ?? batch}", $"--epochs={Epochs}",
            $"--examples={Examples}", "--rate=0.02", "--threads=1");
        using var result = JsonDocument.Parse(process.Output);
        return Measure(result.RootElement, process);
    }

    private static Measurement Measure(JsonElement result, MeasuredProcess process) => new(
        (double)Examples * Epochs / result.GetProperty("trainSeconds").GetDouble(), result.GetProperty("finalValidationAccuracy").GetDouble(),
        process.Elapsed.TotalSeconds, process.PeakBytes);
}
