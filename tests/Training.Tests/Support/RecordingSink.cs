using Tracker.Domain;

namespace Tracker.Training.Tests;

/// <summary>Keeps everything a run tells.</summary>
internal sealed class RecordingSink : IRunSink
{
    public List<MetricPoint> Points { get; } = [];

    public List<CheckpointInfo> Checkpoints { get; } = [];

    public List<(EventLevel Level, string Message)> Events { get; } = [];

    public List<RunProgress> Progresses { get; } = [];

    /// <summary>Called with every point.</summary>
    public Action<MetricPoint> OnPoint { get; init; } = _ => { };

    /// <summary>Called with every checkpoint.</summary>
    public Action<CheckpointInfo> OnCheckpoint { get; init; } = _ => { };

    /// <summary>Called with every event's text.</summary>
    public Action<string> OnEvent { get; init; } = _ => { };

    public void Report(in MetricPoint point)
    {
        Points.Add(point);
        OnPoint(point);
    }

    public void Progress(RunProgress progress) => Progresses.Add(progress);

    public void Checkpoint(CheckpointInfo checkpoint)
    {
        Checkpoints.Add(checkpoint);
        OnCheckpoint(checkpoint);
    }

    public void Event(EventLevel level, string message)
    {
        Events.Add((level, message));
        OnEvent(message);
    }

    /// <summary>The points as text, without those that depend on a clock.</summary>
    public static IEnumerable<string> Describe(IEnumerable<MetricPoint> points) =>
        points.Where(p => p.Name != MetricNames.SamplesPerSecond).Select(p => $"{p.Step} {p.Epoch:R} {p.Name} {p.Value:R}");
}
