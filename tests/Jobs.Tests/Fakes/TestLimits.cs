namespace Tracker.Jobs.Tests.Fakes;

internal static class TestLimits
{
    /// <summary>How long a test waits for what must come at once.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
}

/// <summary>A directory that goes away with its test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tracker-jobs-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

internal static class Samples
{
    public static readonly Tracker.Domain.RunSpec Spec =
        Tracker.Domain.SpecReader.ReadRun("""{ "network": "f1", "dataset": "fashion-mnist", "method": "lb", "batch": 512, "epochs": 1, "trainExamples": 2048 }""");

    public static Tracker.Storage.StartedAttempt Attempt(Tracker.Domain.CheckpointInfo? checkpoint = null) => new(7, 3, Spec, checkpoint, "cpu");

    public static Tracker.Domain.MetricPoint Point(long step) => new(step, step / 10.0, Tracker.Domain.MetricNames.TrainLoss, step * 3, 1.0 / (step + 1));
}
