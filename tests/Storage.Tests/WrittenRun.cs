using Tracker.Domain;

namespace Tracker.Storage.Tests;

/// <summary>A run to which a test writes as a child does.</summary>
internal sealed class WrittenRun(StorageFixture storage, long run, long host)
{
    private long _sequence;

    public long Run => run;

    public int Attempt { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<WrittenRun> StartAsync(StorageFixture storage)
    {
        var host = await storage.RegisterHostAsync("host");
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var written = new WrittenRun(storage, runs[0], host);
        await written.BeginAsync();
        return written;
    }

    public Task FlushAsync(IReadOnlyList<MetricPoint> points, long? checkpoint = null, bool unevaluated = false) => storage.Writer.FlushAsync(run, Attempt, new(
        ++_sequence, points, null,
        checkpoint is { } step ? new(step, $"/data/checkpoint{(unevaluated ? CheckpointInfo.UnevaluatedMark : "")}.safetensors", new string('c', 64), 1000) : null, []), Token);

    /// <summary>The attempt is lost, and another begins from the last checkpoint or from scratch.</summary>
    public Task BeginAgainAsync() => BeginAsync();

    private async Task BeginAsync()
    {
        (Attempt, _sequence) = ((await storage.BeginAsync(run, host)).ShouldNotBeNull().Attempt, 0);
        await storage.Attempts.ChildStartedAsync(run, Attempt, new(4711, 1), Token);
    }
}
