using System.Diagnostics;
using System.Text.Json.Nodes;
using Tracker.Domain;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Standalone;

/// <summary>The <c>train</c> command as scripts use it: a real process, real signals.</summary>
public sealed class StandaloneTrainingTests : IDisposable
{
    private const string Spec = """
        { "network": "f1", "dataset": "fashion-mnist", "method": "lb+lr+gbn", "batch": 500, "ghostBatch": 64, "epochs": 4, "trainExamples": 2000,
          "parameters": { "learningRate": 0.02 } }
        """;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_run_leaves_metrics_a_result_and_a_checkpoint()
    {
        (await RunAsync("whole")).ShouldBe(ExitCodes.Done);

        var result = Result("whole");
        foreach (var field in new[]
        {
            "finalValidationAccuracy", "bestValidationAccuracy", "steps", "epochs", "trainSeconds", "evalSeconds", "samplesPerSecond",
            "parameters", "weightsSha256", "spec", "provenance",
        })
            result.ContainsKey(field).ShouldBeTrue(field);
        result["steps"]!.GetValue<long>().ShouldBe(16);
        result["parameters"]!.GetValue<long>().ShouldBe(1_462_794);
        result["finalValidationAccuracy"]!.GetValue<double>().ShouldBeInRange(0.3, 1);
        SpecReader.ReadRun(result["spec"]!.ToJsonString()).ShouldBe(SpecReader.ReadRun(Spec));

        var points = Points("whole");
        points.Select(p => p["name"]!.GetValue<string>()).Distinct().ShouldBe(
            MetricNames.All.Except([MetricNames.NoiseScale, MetricNames.TestLoss, MetricNames.TestAccuracy, MetricNames.TestTop5])
                .Concat([MetricNames.SystemCpu, MetricNames.SystemMemory]),
            ignoreOrder: true);
        foreach (var point in points) point.Select(p => p.Key).ShouldBe(["step", "epoch", "name", "value", "wallMs"]);
        new FileInfo(_directory.File("whole/checkpoint.safetensors")).Length.ShouldBeGreaterThan(2 * 4 * 1_462_794);
        Directory.EnumerateFiles(_directory.File("whole")).Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_run_that_is_killed_and_resumed_again_and_again_ends_as_if_it_had_not_been()
    {
        (await RunAsync("whole")).ShouldBe(ExitCodes.Done);
        var random = new Random(20171);
        for (var kill = 0; kill < 4; kill++)
        {
            using var process = Start("killed", "--resume");
            await WaitForPointAsync("killed", process);
            await Task.Delay(random.Next(200), TestContext.Current.CancellationToken);
            // SIGTERM every other time: it leaves a checkpoint, so the next attempt goes on from there.
            await SignalAsync(process, kill % 2 == 0 ? "TERM" : "KILL");
            (await ExitCodeAsync(process)).ShouldBeOneOf(ExitCodes.Stopped, 128 + 9, ExitCodes.Done);
        }
        (await RunAsync("killed", "--resume")).ShouldBe(ExitCodes.Done);

        Result("killed")["weightsSha256"]!.GetValue<string>().ShouldBe(Result("whole")["weightsSha256"]!.GetValue<string>());
        Values("killed").ShouldBe(Values("whole"));
        Points("killed").Select(p => $"{p["name"]} {p["step"]}").ShouldBeUnique();
    }

    [Fact]
    public async Task Sigterm_ends_a_run_in_time_with_a_checkpoint()
    {
        using var process = Start("stopped");
        await WaitForPointAsync("stopped", process);
        var watch = Stopwatch.StartNew();
        await SignalAsync(process, "TERM");
        (await ExitCodeAsync(process)).ShouldBe(ExitCodes.Stopped);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        File.Exists(_directory.File("stopped/checkpoint.safetensors")).ShouldBeTrue();
        File.Exists(_directory.File("stopped/result.json")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist", "batch": 128, "colour": "red" }""", "colour", ExitCodes.BadSpecification)]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist", "method": "lb+gbn", "batch": 128, "ghostBatch": 256 }""", "ghostBatch", ExitCodes.BadSpecification)]
    [InlineData("""no JSON""", "This is no JSON", ExitCodes.BadSpecification)]
    public async Task A_bad_specification_is_told_on_standard_error(string spec, string told, int code)
    {
        File.WriteAllText(_directory.File("run.json"), spec);
        using var process = Start("bad");
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        (await ExitCodeAsync(process)).ShouldBe(code);
        errors.ShouldContain(told);
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Damaged_data_and_a_missing_device_have_exit_codes_of_their_own()
    {
        Directory.CreateDirectory(_directory.File("data"));
        File.WriteAllText(_directory.File("data/train-images-idx3-ubyte.gz"), "nothing of the kind");
        using var damaged = Start("damaged", "--data-sets", _directory.File("data"));
        var errors = await damaged.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        (await ExitCodeAsync(damaged)).ShouldBe(ExitCodes.BadData);
        errors.ShouldContain(_directory.File("data/train-images-idx3-ubyte.gz"));
        (await RunAsync("device", "--device", "cuda:77")).ShouldBe(ExitCodes.BadSpecification);
    }

    [Fact]
    public async Task A_batch_can_be_processed_in_parts_on_request()
    {
        (await RunAsync("parts", "--micro-batch", "128")).ShouldBe(ExitCodes.Done);
        Result("parts")["provenance"]!["microBatch"]!.GetValue<int>().ShouldBe(128);
        using var tooSmall = Start("too-small", "--micro-batch", "32");
        var errors = await tooSmall.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        (await ExitCodeAsync(tooSmall)).ShouldBe(ExitCodes.BadSpecification);
        errors.ShouldContain("Expected at least one ghost batch, 64 samples, found 32.");
        (await RunAsync("none", "--micro-batch", "0")).ShouldBe(ExitCodes.BadSpecification);
    }

    private Process Start(string name, params string[] more)
    {
        if (!File.Exists(_directory.File("run.json"))) File.WriteAllText(_directory.File("run.json"), Spec);
        var program = Path.Combine(AppContext.BaseDirectory, "Tracker.Jobs.dll");
        return Process.Start(new ProcessStartInfo(
            "dotnet", [program, "train", "--spec", _directory.File("run.json"), "--out", _directory.File(name), "--threads", "1", .. more])
        { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    private async Task<int> RunAsync(string name, params string[] more)
    {
        using var process = Start(name, more);
        return await ExitCodeAsync(process);
    }

    private static async Task<int> ExitCodeAsync(Process process)
    {
        using var limit = new CancellationTokenSource(s_limit);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the process has reported something, or has ended.</summary>
    private async Task WaitForPointAsync(string name, Process process)
    {
        var limit = Stopwatch.StartNew();
        var file = new FileInfo(_directory.File($"{name}/metrics.jsonl"));
        var before = file.Exists ? file.Length : 0;
        while (!process.HasExited && (!file.Exists || file.Length <= before))
        {
            limit.Elapsed.ShouldBeLessThan(s_limit);
            await Task.Delay(20, TestContext.Current.CancellationToken);
            file.Refresh();
            if (file.Exists && file.Length < before) before = file.Length;
        }
    }

    private JsonObject Result(string name) => JsonNode.Parse(File.ReadAllText(_directory.File($"{name}/result.json")))!.AsObject();

    private List<JsonObject> Points(string name) => [.. File.ReadLines(_directory.File($"{name}/metrics.jsonl")).Select(l => JsonNode.Parse(l)!.AsObject())];

    /// <summary>Every point but those that a clock decides.</summary>
    private IEnumerable<string> Values(string name) => Points(name)
        .Where(p => p["name"]!.GetValue<string>() is var name && name != MetricNames.SamplesPerSecond && !MetricNames.IsOfSystem(name))
        .Select(p => $"{p["step"]} {p["epoch"]} {p["name"]} {p["value"]}");
}
