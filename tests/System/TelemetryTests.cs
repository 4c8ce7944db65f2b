using Tracker.Domain;
using Tracker.System.Tests.Support;
using Tracker.Tests.Files;

namespace Tracker.System.Tests;

/// <summary>What hosts and children tell of themselves, as a collector receives it.</summary>
[Collection(SharedTracker.Name)]
public sealed class TelemetryTests(TestTracker tracker)
{
    [Fact]
    public async Task Host_and_child_export_metrics_and_log_lines_and_the_run_records_what_it_takes()
    {
        await using var collector = new Collector();
        await using var host = await HostProcess.Start(tracker.ConnectionString, tracker.DataDirectory, "watched", collector.Variables, [.. s_slots, "--log", "json"]).ReadyAsync();
        var runId = await tracker.SubmitAsync("watched", epochs: 3);
        await tracker.WaitAsync(runId, "success", run => run.State == RunState.Succeeded, host);

        await collector.WaitAsync("/v1/metrics", Limits.Start, "tracker-host", "watched", "tracker.run.wait", "tracker.dispatch.duration");
        await collector.WaitAsync("/v1/metrics", Limits.Start, "tracker-child", "tracker.ingest.points", "tracker.ingest.flush.duration", "tracker.attempts.ended", "Succeeded");
        await collector.WaitAsync("/v1/logs", Limits.Start, "tracker-host", "RunId", "Attempt", "training process ended with code 0");
        (await host.TerminateAsync()).ShouldBe(0);

        var logged = host.Output.Split('\n').Where(line => line.Contains("training process ended", StringComparison.Ordinal)).ShouldHaveSingleItem();
        using var json = global::System.Text.Json.JsonDocument.Parse(logged);
        json.RootElement.GetProperty("State").GetProperty("RunId").GetInt64().ShouldBe(runId);
        var measured = (await tracker.PointsAsync(runId)).Where(p => MetricNames.IsOfSystem(p.Name)).ToList();
        measured.Where(p => p.Name == MetricNames.SystemCpu).ShouldAllBe(p => p.Value > 0 && p.Value < 64);
        measured.Select(p => p.Name).Distinct().ShouldBe([MetricNames.SystemCpu, MetricNames.SystemMemory], ignoreOrder: true);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_disturbs_nothing()
    {
        await using var host = await HostProcess.Start(
            tracker.ConnectionString, tracker.DataDirectory, "unwatched",
            new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1", ["OTEL_METRIC_EXPORT_INTERVAL"] = "50" }, s_slots).ReadyAsync();
        var runId = await tracker.SubmitAsync("unwatched", epochs: 2, seed: 1);
        var run = await tracker.WaitAsync(runId, "success", r => r.State == RunState.Succeeded, host);
        run.Attempt.ShouldBe(1);
        (await host.TerminateAsync()).ShouldBe(0);
        host.Output.ShouldNotContain("Exception");
    }

    private static readonly string[] s_slots = ["--cpu-slots", "1", "--cuda-slots", "0", "--threads", "1"];
}
