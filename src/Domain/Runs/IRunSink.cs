namespace Tracker.Domain;

/// <summary>One value of one metric at one step.</summary>
/// <param name="Step">Weight updates done when the value was taken.</param>
/// <param name="Epoch">The same moment in epochs; may be a fraction.</param>
/// <param name="Name">The metric, one of <see cref="MetricNames"/>.</param>
/// <param name="WallMs">Milliseconds that the run had been training and evaluating by then, over all its attempts.</param>
/// <param name="Value">The value.</param>
public readonly record struct MetricPoint(long Step, double Epoch, string Name, long WallMs, double Value);

/// <summary>How far a run is.</summary>
/// <param name="Step">Weight updates done.</param>
/// <param name="TotalSteps">Weight updates to do.</param>
/// <param name="Epoch">Epochs done; may be a fraction.</param>
/// <param name="TotalEpochs">Epochs to do.</param>
/// <param name="SamplesPerSecond">Training samples per second lately.</param>
/// <param name="EtaSeconds">Seconds left, evaluation included, or <see langword="null"/> before it can be told.</param>
/// <param name="TrainLoss">The latest training loss, if any.</param>
/// <param name="ValidationAccuracy">The latest validation accuracy from 0 to 1, if any.</param>
/// <param name="BestValidationAccuracy">The best validation accuracy so far, if any.</param>
public sealed record RunProgress(
    long Step, long TotalSteps, double Epoch, double TotalEpochs, double SamplesPerSecond, double? EtaSeconds,
    double? TrainLoss, double? ValidationAccuracy, double? BestValidationAccuracy);

/// <summary>A checkpoint that is safely on disk.</summary>
/// <param name="Step">Weight updates that it contains.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Sha256">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Size of the file.</param>
public sealed record CheckpointInfo(long Step, string Path, string Sha256, long Bytes)
{
    /// <summary>Ends the name, before the extension, of a checkpoint between a step and the evaluation that follows it.</summary>
    public const string UnevaluatedMark = "-unevaluated";

    /// <summary>
    /// Whether the network is yet to be evaluated after this step: a run that goes on from here reports the validation metrics of
    /// <see cref="Step"/> itself, so none that an earlier attempt recorded may stay.
    /// </summary>
    public bool AwaitsEvaluation() => System.IO.Path.GetFileNameWithoutExtension(Path).EndsWith(UnevaluatedMark, StringComparison.Ordinal);
}

/// <summary>How much attention an event of a run deserves.</summary>
public enum EventLevel
{
    /// <summary>For the record.</summary>
    Info,

    /// <summary>Something went wrong; the run goes on.</summary>
    Warning,

    /// <summary>The attempt or the run ended because of it.</summary>
    Error,
}

/// <summary>
/// Where a training loop tells what happens. No member waits for I/O. Order is kept: whoever sees a checkpoint has seen every
/// point up to its step.
/// </summary>
public interface IRunSink
{
    /// <summary>Records a value.</summary>
    /// <param name="point">The value.</param>
    void Report(in MetricPoint point);

    /// <summary>Tells how far the run is; only the latest counts.</summary>
    /// <param name="progress">How far the run is.</param>
    void Progress(RunProgress progress);

    /// <summary>Records that a checkpoint lies on disk; earlier ones may be deleted once this is recorded.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    void Checkpoint(CheckpointInfo checkpoint);

    /// <summary>Records something worth telling, such as a checkpoint that could not be written.</summary>
    /// <param name="level">How much attention it deserves.</param>
    /// <param name="message">What happened, in one line.</param>
    void Event(EventLevel level, string message);
}
