using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>What the host knows of a step when it is recorded.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="Epoch">The same in epochs.</param>
/// <param name="WallMs">Milliseconds of training and evaluation by then.</param>
/// <param name="Rate">The learning rate of the step.</param>
/// <param name="SamplesPerSecond">Samples per second since the step recorded before.</param>
internal sealed record StepFacts(long Step, double Epoch, long WallMs, double Rate, double SamplesPerSecond);

/// <summary>
/// Collects the values of reported steps on the device and reads them many at a time, so that reporting does not make the device wait
/// for the host.
/// </summary>
internal sealed class StepMeter(IRunSink sink, double clip, StepDiagnostics diagnostics, TimeProvider time) : IDisposable
{
    private const int LargestBacklog = 256;
    private const int OwnValues = 5;
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromMilliseconds(500);

    private readonly List<(StepFacts Facts, Tensor Values)> _pending = [];
    private long? _flushed;

    /// <summary>Training loss of the last step that was read; not a number before the first.</summary>
    public double LastLoss { get; private set; } = double.NaN;

    /// <summary>Samples per second at the last step that was read.</summary>
    public double SamplesPerSecond { get; private set; }

    /// <summary>Whether enough has gathered, or for long enough, to read it; the first step is read at once, since people wait for a sign of life.</summary>
    public bool IsDue => _pending.Count >= LargestBacklog || (_pending.Count > 0 && (_flushed is not { } last || time.GetElapsedTime(last) >= s_longestDelay));

    /// <summary>Keeps the values of a step; nothing waits for the device.</summary>
    /// <param name="facts">What the host knows.</param>
    /// <param name="values">Cross-entropy, accuracy, gradient norm, ‖w_t − w_0‖ and ‖w_t‖, five scalars on the device.</param>
    /// <param name="diagnostics">What <see cref="StepDiagnostics.Values"/> handed over.</param>
    public void Record(StepFacts facts, IReadOnlyList<Tensor> values, Tensor? diagnostics)
    {
        using var scope = NewDisposeScope();
        var all = stack(values.Select(v => v.to(ScalarType.Float32)));
        if (diagnostics is not null) all = cat(new List<Tensor> { all, diagnostics }, 0);
        _pending.Add((facts, all.DetachFromDisposeScope()));
    }

    /// <summary>Reads and reports what has gathered.</summary>
    /// <exception cref="TrainingDivergedException">A loss or a norm is not finite.</exception>
    public void Flush()
    {
        if (_pending.Count == 0) return;
        _flushed = time.GetTimestamp();
        float[] read;
        using (NewDisposeScope())
        {
            // Host synchronization: all gathered values in one copy.
            read = stack(_pending.Select(p => p.Values)).cpu().data<float>().ToArray();
        }
        var facts = _pending.Select(p => p.Facts).ToList();
        Clear();
        foreach (var (values, of) in read.Chunk(read.Length / facts.Count).Zip(facts)) Report(of, values);
    }

    /// <summary>Frees what has not been read.</summary>
    public void Dispose() => Clear();

    private void Report(StepFacts of, float[] values)
    {
        var (loss, norm) = (values[0], values[2]);
        (string Name, double Value)[] points =
        [
            (MetricNames.TrainLoss, loss), (MetricNames.TrainAccuracy, values[1]), (MetricNames.LearningRate, of.Rate),
            (MetricNames.GradientNorm, norm), (MetricNames.Clipped, clip > 0 && norm > clip ? 1 : 0),
            (MetricNames.SamplesPerSecond, of.SamplesPerSecond),
            (MetricNames.WeightDistance, values[3]), (MetricNames.WeightNorm, values[4]),
            .. diagnostics.Read(of.Step, values[3], values.AsMemory(OwnValues)),
        ];
        foreach (var (name, value) in points)
            if (!double.IsFinite(value)) throw new TrainingDivergedException(of.Step, name, value);
        foreach (var (name, value) in points) sink.Report(new(of.Step, of.Epoch, name, of.WallMs, value));
        LastLoss = loss;
        SamplesPerSecond = of.SamplesPerSecond;
    }

    private void Clear()
    {
        foreach (var (_, values) in _pending) values.Dispose();
        _pending.Clear();
    }
}
