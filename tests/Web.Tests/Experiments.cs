using System.Globalization;
using System.Net;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Tests;

/// <summary>Makes sweeps over REST, and trains their runs as a host would.</summary>
internal static class Experiments
{
    internal static string Sweep(string name = "Sweep", string seeds = "[0]", string methods = """["sb"]""", int examples = 6000) => $$"""
        { "name": "{{name}}", "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024], "methods": {{methods}}, "seeds": {{seeds}},
          "epochs": 2, "trainExamples": {{examples.ToString(CultureInfo.InvariantCulture)}}, "rerun": true }
        """;

    internal static async Task<long> SubmitAsync(this TrackerApp app, string sweep) =>
        (await app.Api.PostJsonAsync("/api/v1/sweeps", sweep, HttpStatusCode.Created)).Id();

    internal static async Task<List<long>> RunsAsync(this TrackerApp app, long sweep) =>
        [.. (await app.Api.GetJsonAsync($"/api/v1/sweeps/{sweep}/runs")).Items().Select(r => r.Id())];

    internal static Task<long> HostAsync(this TrackerApp app, string name = "host", params IReadOnlyList<string> labels) => app.Get<IHosts>().RegisterAsync(
        new(name, "1.0", 1, [new(DeviceClass.Cpu, "cpu", "Test processor", 1 << 30, 4, 2)], labels), CancellationToken.None);

    /// <summary>Starts a run and leaves it running.</summary>
    internal static async Task<int> StartAsync(this TrackerApp app, long run, long host)
    {
        await using var assign = app.Get<NpgsqlDataSource>().CreateCommand(
            "UPDATE runs SET assigned = true, host_id = $2, device_name = 'cpu' WHERE id = $1 AND state = 'Queued'");
        assign.Parameters.Add(new() { Value = run });
        assign.Parameters.Add(new() { Value = host });
        (await assign.ExecuteNonQueryAsync()).ShouldBe(1);
        var attempt = (await app.Get<IAttempts>().BeginAsync(run, host, CancellationToken.None)).ShouldNotBeNull();
        await app.Get<IAttempts>().ChildStartedAsync(run, attempt.Attempt, new(42, 1), CancellationToken.None);
        return attempt.Attempt;
    }

    /// <summary>Trains a run to its end: a few points, a checkpoint, an event, two lines of log.</summary>
    internal static async Task TrainAsync(this TrackerApp app, long run, long host, double accuracy)
    {
        var attempt = await app.StartAsync(run, host);
        var writer = app.Get<IRunWriter>();
        MetricPoint[] points =
        [
            .. Enumerable.Range(1, 100).Select(i => new MetricPoint(i, i / 50.0, MetricNames.TrainLoss, i * 10, 3.0 / i)),
            new(100, 2, MetricNames.ValidationAccuracy, 1000, accuracy),
        ];
        var progress = new RunProgress(100, 100, 2, 2, 5000, 0, 0.03, accuracy, accuracy);
        var checkpoint = new CheckpointInfo(100, "/checkpoints/1.safetensors", new string('a', 64), 1234);
        await writer.FlushAsync(run, attempt, new(1, points, progress, checkpoint, [(EventLevel.Info, "Half way")]), CancellationToken.None);
        await writer.AppendLogAsync(run, attempt, [Line(attempt, 1, "first"), Line(attempt, 2, "second")], CancellationToken.None);
        var provenance = new Provenance("1.0", "1.13.1", "cpu", 2, "host", "Linux", DateTimeOffset.UnixEpoch);
        await app.Get<IAttempts>().SucceedAsync(
            run, attempt, new(accuracy, accuracy, 0.3, 0.03, 100, 2, 1.5, 0.5, 5000, 1_462_794, new string('b', 64), provenance), CancellationToken.None);
    }

    private static LogLine Line(int attempt, long number, string text) => new(attempt, number, DateTimeOffset.UnixEpoch.AddSeconds(number), EventLevel.Info, text);
}
