using Tracker.Domain;

namespace Tracker.Jobs.Child;

/// <summary>What to train and where.</summary>
/// <param name="Spec">The run.</param>
/// <param name="Device">The device, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Threads">Threads within one operation.</param>
/// <param name="DataDirectory">Where data sets are looked for.</param>
/// <param name="RunDirectory">Where checkpoints are written.</param>
/// <param name="Checkpoint">Where to go on from, verified, if anywhere.</param>
/// <param name="CheckpointInterval">Time between two checkpoints.</param>
/// <param name="MayDownload">Whether a missing data set may be downloaded.</param>
internal sealed record TrainingOrder(
    RunSpec Spec, string Device, int Threads, string DataDirectory, string RunDirectory, CheckpointInfo? Checkpoint, TimeSpan CheckpointInterval,
    bool MayDownload = false);

/// <summary>How training ended.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>, or another for a fault of the program.</param>
/// <param name="Result">The result, when it is done.</param>
/// <param name="Message">What to tell people, when it is not.</param>
/// <param name="CheckpointRefused">Whether nothing was trained because the checkpoint is not one of this run or of this version.</param>
internal sealed record TrainingEnd(int ExitCode, RunResult? Result = null, string? Message = null, bool CheckpointRefused = false);

/// <summary>Trains: the seam between the child process and the training code.</summary>
internal interface ITrainer
{
    /// <summary>Trains until done or stopped; stopping writes a checkpoint.</summary>
    TrainingEnd Train(TrainingOrder order, IRunSink sink, CancellationToken stop);
}
