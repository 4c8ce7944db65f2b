using Tracker.Domain;
using Tracker.Training;

namespace Tracker.Jobs.Child;

/// <summary>Trains through libtorch.</summary>
internal sealed class TorchTrainer : ITrainer
{
    private const int Unexpected = 1;

    public TrainingEnd Train(TrainingOrder order, IRunSink sink, CancellationToken stop)
    {
        var options = new TrainingOptions
        {
            CheckpointDirectory = order.RunDirectory,
            Device = order.Device,
            Threads = order.Threads,
            DataDirectory = order.DataDirectory,
            CheckpointInterval = order.CheckpointInterval,
            Resume = order.Checkpoint is { } checkpoint ? new(checkpoint.Path, checkpoint.Sha256) : null,
        };
        try
        {
            return Trainer.Run(order.Spec, options, sink, stop) is { } result ? new(ExitCodes.Done, result) : new(ExitCodes.Stopped);
        }
        catch (CheckpointException e)
        {
            return new(ExitCodes.BadData, Message: e.Message, CheckpointRefused: true);
        }
        catch (Exception e)
        {
            // The process ends here either way; a fault without an exit code of its own is the program's and is told in full.
            return TrainingExitCode.For(e) is { } code ? new(code, Message: e.Message) : new(Unexpected, Message: e.ToString());
        }
    }
}
