using System.Globalization;
using System.Text.Json;

namespace Tracker.Benchmarks;

/// <summary>
/// Our trainer against the same training in PyTorch: processes of their own, in turn, the same libtorch, number of threads, data in memory
/// and work on every image. Training steps alone are timed. Where other programs use the cores, the ratio of processor times says more than
/// that of the clock.
/// </summary>
internal sealed class TrainingBenchmark(string jobs, string results)
{
    private const int Repetitions = 3;
    private static readonly int s_threads = Environment.ProcessorCount;

    public async Task RunAsync()
    {
        Console.WriteLine($"Fashion-MNIST, {s_threads} threads, {Repetitions} times in turn; medians of images per second, ratios from least to most.");
        Console.WriteLine($"{"",-40}{"ours",9}{"PyTorch",9}{"ratio",7}{"goal",6}{"(least-most)",14}{"CPU",7}{"memory",9}{"PyTorch",9}");
        var all = new List<object>();
        foreach (var of in TrainingCase.All) all.Add(await CompareAsync(of));
        foreach (var (ghosts, plain) in TrainingCase.GhostPairs) all.Add(await CompareGhostsAsync(ghosts, plain));
        foreach (var network in (string[])["f1", "resnet44"]) all.Add(await StartAsync(network));
        await Report.WriteAsync(results, "training", all);
    }

    private sealed record Measurement(double ImagesPerSecond, double ImagesPerCpuSecond, double PeakMegabytes);

    private sealed record Summary(Spread ImagesPerSecond, Spread ImagesPerCpuSecond, Spread PeakMegabytes)
    {
        public static Summary Of(IReadOnlyCollection<Measurement> all) => new(
            Spread.Of([.. all.Select(m => m.ImagesPerSecond)]), Spread.Of([.. all.Select(m => m.ImagesPerCpuSecond)]), Spread.Of([.. all.Select(m => m.PeakMegabytes)]));
    }

    private static async Task<object> CompareAsync(TrainingCase of)
    {
        var (ours, theirs) = await InTurnAsync(() => OursAsync(of), () => TheirsAsync(of));
        var (a, b) = (Summary.Of(ours), Summary.Of(theirs));
        var ratio = Spread.Of([.. ours.Zip(theirs, (x, y) => x.ImagesPerSecond / y.ImagesPerSecond)]);
        var cpu = Spread.Of([.. ours.Zip(theirs, (x, y) => x.ImagesPerCpuSecond / y.ImagesPerCpuSecond)]);
        Console.WriteLine(
            $"{of.Name,-40}{a.ImagesPerSecond.Median,9:N0}{b.ImagesPerSecond.Median,9:N0}{ratio.Median,7:0.00}{of.Goal?.ToString(CultureInfo.InvariantCulture) ?? "",6}"
            + $"{$"({ratio.Minimum:0.00}-{ratio.Maximum:0.00})",14}{cpu.Median,7:0.00}{a.PeakMegabytes.Median,6:N0} MB{b.PeakMegabytes.Median,6:N0} MB");
        return new { Case = of.Name, of.Goal, Tracker = a, PyTorch = b, SpeedRatio = ratio, CpuRatio = cpu };
    }

    private static async Task<object> CompareGhostsAsync(TrainingCase ghosts, TrainingCase plain)
    {
        var (with, without) = await InTurnAsync(() => OursAsync(ghosts), () => OursAsync(plain));
        var ratio = Spread.Of([.. with.Zip(without, (x, y) => y.ImagesPerSecond / x.ImagesPerSecond)]);
        var cpu = Spread.Of([.. with.Zip(without, (x, y) => y.ImagesPerCpuSecond / x.ImagesPerCpuSecond)]);
        Console.WriteLine($"{$"{ghosts.Name}, step time GBN 128 / BN",-40}{"",18}{ratio.Median,7:0.00}{"≤ 1.03",6}{$"({ratio.Minimum:0.00}-{ratio.Maximum:0.00})",14}{cpu.Median,7:0.00}");
        return new { Case = $"{ghosts.Name}, step time GBN 128 / BN", Goal = ghosts.Goal, Ghosts = Summary.Of(with), Plain = Summary.Of(without), TimeRatio = ratio, CpuRatio = cpu };
    }

    private static async Task<(List<Measurement> First, List<Measurement> Second)> InTurnAsync(Func<Task<Measurement>> first, Func<Task<Measurement>> second)
    {
        var (a, b) = (new List<Measurement>(), new List<Measurement>());
        for (var i = 0; i < Repetitions; i++)
        {
            a.Add(await first());
            b.Add(await second());
        }
        return (a, b);
    }

    /// <summary>From the start of the product's process to its first step, at most: a run of one step, less its evaluation, checkpoint and end included.</summary>
    private async Task<object> StartAsync(string network)
    {
        var seconds = new List<double>();
        for (var i = 0; i < Repetitions; i++)
        {
            var directory = Directory.CreateTempSubdirectory("tracker-bench-").FullName;
            try
            {
                var spec = Path.Combine(directory, "run.json");
                var dataset = network == "f1" ? "fashion-mnist" : "fashion-mnist-32";
                await File.WriteAllTextAsync(spec, $$"""{ "network": "{{network}}", "dataset": "{{dataset}}", "method": "sb", "smallBatch": 128, "batch": 128, "epochs": 1, "trainExamples": 128, "seed": 0 }""");
                var process = await MeasuredProcess.RunAsync("dotnet", jobs, "train", "--spec", spec, "--out", directory, "--threads", $"{s_threads}");
                using var result = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "result.json")));
                seconds.Add(process.Elapsed.TotalSeconds - result.RootElement.GetProperty("evalSeconds").GetDouble());
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        var spread = Spread.Of(seconds);
        Console.WriteLine($"{$"{network}: process with one step",-40}{spread.Median,7:0.00} s{"≤ 1.5",18}{$"({spread.Minimum:0.00}-{spread.Maximum:0.00})",20}");
        return new { Case = $"{network}: process with one step, without evaluation", Goal = 1.5, Seconds = spread };
    }

    private static Task<Measurement> OursAsync(TrainingCase of) => MeasureAsync(
        of, "dotnet", typeof(TrainingBenchmark).Assembly.Location, "steps", of.Specification, $"{s_threads}", $"{of.WarmUp}", $"{of.Steps}");

    private static Task<Measurement> TheirsAsync(TrainingCase of) => MeasureAsync(
        of, "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "pytorch_peer.py"), .. of.PeerArguments(s_threads)]);

    private static async Task<Measurement> MeasureAsync(TrainingCase of, string program, params string[] arguments)
    {
        var process = await MeasuredProcess.RunAsync(program, arguments);
        var times = JsonSerializer.Deserialize<StepTimes>(process.Output, JsonSerializerOptions.Web)!;
        var images = (double)times.Steps * of.Batch;
        return new(images / times.Seconds, images / times.CpuSeconds, process.PeakBytes / 1e6);
    }
}
