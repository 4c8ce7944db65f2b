namespace Tracker.Training;

/// <summary>What a training carries from step to step besides tensors. A checkpoint holds all of it.</summary>
public sealed class TrainingState
{
    /// <summary>Weight updates done.</summary>
    public long Step { get; set; }

    /// <summary>The step after which the network was last evaluated; −1 before the first evaluation.</summary>
    public long EvaluatedStep { get; set; } = -1;

    /// <summary>Cross-entropy of the last mini-batch that was reported, in nats.</summary>
    public double TrainLoss { get; set; } = double.NaN;

    /// <summary>Validation loss of the last evaluation, in nats.</summary>
    public double ValidationLoss { get; set; } = double.NaN;

    /// <summary>Validation accuracy of the last evaluation, from 0 to 1.</summary>
    public double ValidationAccuracy { get; set; } = double.NaN;

    /// <summary>What the evaluations so far mean for the run's result.</summary>
    public SelectionProgress Selection { get; init; } = new();

    /// <summary>The most samples that are processed at once; 0 for the whole batch. The last bits of a result depend on it.</summary>
    public int ChunkLimit { get; set; }

    /// <summary>Seconds spent on training, over all attempts.</summary>
    public double TrainSeconds { get; set; }

    /// <summary>Seconds spent on evaluation, over all attempts.</summary>
    public double EvalSeconds { get; set; }

    /// <summary>What the diagnostics have gathered.</summary>
    public DiagnosticsState Diagnostics { get; init; } = new();

    /// <summary>Milliseconds of training and evaluation, over all attempts.</summary>
    public long WallMs => (long)((TrainSeconds + EvalSeconds) * 1000);
}
