using Tracker.Domain;

namespace Tracker.Jobs.Monitoring;

/// <summary>
/// Records what a training takes of the machine beside what it reports: at its start, every five seconds and at its end. It measures when
/// the training tells its progress, on the same thread: so its points keep the order of points and checkpoints, and a pair of readings
/// every five seconds is all that it costs.
/// </summary>
internal sealed class SystemMetricsSink : IRunSink, IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly IRunSink _inner;
    private readonly List<ISystemMeter> _meters;
    private readonly TimeProvider _clock;
    private RunProgress? _progress;
    private long? _wallMs;
    private long? _measuredAt;
    private long? _measuredStep;

    /// <param name="inner">Where everything goes.</param>
    /// <param name="meters">What to measure.</param>
    /// <param name="clock">Time.</param>
    /// <param name="resumedAt">
    /// The step of the checkpoint that the training goes on from. An earlier attempt has measured up to there, and a run has one value of a
    /// metric at a step.
    /// </param>
    public SystemMetricsSink(IRunSink inner, IEnumerable<ISystemMeter> meters, TimeProvider clock, long? resumedAt)
    {
        (_inner, _meters, _clock, _measuredStep) = (inner, [.. meters], clock, resumedAt);
        // How long the run had trained by then comes with the points; only at its very start it is known without one.
        _wallMs = resumedAt is null ? 0 : null;
    }

    /// <summary>What there is to measure for a training on a device.</summary>
    public static IReadOnlyList<ISystemMeter> MetersOf(string device, TimeProvider clock) =>
        device.StartsWith("cuda", StringComparison.Ordinal) ? [new ProcessMeter(clock), new GpuMeter(device)] : [new ProcessMeter(clock)];

    public void Report(in MetricPoint point)
    {
        _wallMs = point.WallMs;
        _inner.Report(point);
    }

    public void Progress(RunProgress progress)
    {
        _progress = progress;
        if (_measuredAt is not { } last || _clock.GetElapsedTime(last) >= Period) Measure();
        _inner.Progress(progress);
    }

    public void Checkpoint(CheckpointInfo checkpoint) => _inner.Checkpoint(checkpoint);

    public void Event(EventLevel level, string message) => _inner.Event(level, message);

    /// <summary>Measures for the last time.</summary>
    public void Dispose()
    {
        Measure();
        foreach (var meter in _meters) meter.Dispose();
    }

    private void Measure()
    {
        if (_progress is not { } progress || _wallMs is not { } wallMs || progress.Step <= _measuredStep) return;
        (_measuredAt, _measuredStep) = (_clock.GetTimestamp(), progress.Step);
        foreach (var meter in _meters.ToArray())
        {
            try
            {
                foreach (var (name, value) in meter.Read()) _inner.Report(new(progress.Step, progress.Epoch, name, wallMs, value));
            }
            catch (MeterException e)
            {
                _meters.Remove(meter);
                meter.Dispose();
                _inner.Event(EventLevel.Info, $"{meter.Subject} is not recorded: {e.Message}.");
            }
        }
    }
}
