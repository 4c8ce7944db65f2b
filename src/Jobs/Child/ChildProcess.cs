using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Jobs.Monitoring;
using Tracker.Jobs.Reporting;
using Tracker.Storage;

namespace Tracker.Jobs.Child;

/// <summary>
/// What a child process does with its order: find the checkpoint, train, see that everything is recorded, record the result. It goes
/// on while Postgres is away, and ends without writing anything more when a newer attempt exists.
/// </summary>
/// <param name="attempts">Where the attempt's life is recorded.</param>
/// <param name="writer">Where its reports go.</param>
/// <param name="trainer">What trains.</param>
/// <param name="clock">Time.</param>
/// <param name="say">Standard error.</param>
/// <param name="exitNow">Ends the process on the spot.</param>
internal sealed class ChildProcess(IAttempts attempts, IRunWriter writer, ITrainer trainer, TimeProvider clock, Action<string> say, Action<int> exitNow)
{
    /// <summary>How long recording may go on after SIGTERM; the host kills after 10 s.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(8);

    private const string SpoolName = "unsent.bin";

    /// <summary>Carries out an order.</summary>
    /// <param name="order">The order.</param>
    /// <param name="device">The device.</param>
    /// <param name="threads">Threads within one operation.</param>
    /// <param name="stop">SIGTERM.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ChildOrder order, string device, int threads, CancellationToken stop)
    {
        var directory = Path.Combine(order.DataDirectory, "runs", $"{order.Started.RunId}");
        var files = new CheckpointFiles(Directory.CreateDirectory(directory).FullName);
        string? discarded = null;
        var checkpoint = order.Started.Checkpoint is { } recorded ? files.Find(recorded, out discarded) : null;
        var work = new TrainingOrder(order.Started.Spec, device, threads, order.DataDirectory, files.Directory, checkpoint, order.CheckpointInterval,
            order.MayDownload);

        var (code, refused) = await TrainAsync(order.Started, work, files, discarded, stop);
        if (refused is not null) (code, _) = await TrainAsync(order.Started, work with { Checkpoint = null }, files, refused, stop);
        return code;
    }

    /// <summary>Trains once; answers why the checkpoint was refused, if it was.</summary>
    private async Task<(int Code, string? Refused)> TrainAsync(
        StartedAttempt started, TrainingOrder work, CheckpointFiles files, string? discarded, CancellationToken stop)
    {
        if (discarded is not null) say(discarded);
        files.DeleteLeftovers(work.Checkpoint);
        using var training = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var sink = new DatabaseRunSink(
            started, writer, token => AnnounceAsync(started, discarded, token), files.DeleteReplacedBy, e => Abandon(e, training),
            Path.Combine(files.Directory, SpoolName), FlushLimits.Default, clock, say);

        // On a thread of its own, because the kernel hands SIGTERM to the main one: in the middle of a matrix product of libtorch the signal
        // corrupted the heap in one of five stops.
        var end = await Task.Factory.StartNew(() => Train(work, sink, training.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (end is { CheckpointRefused: true } && work.Checkpoint is not null) return (end.ExitCode, end.Message ?? "The checkpoint was refused.");
        if (end.Message is not null) say(end.Message);
        return (await RecordAsync(started, sink, end, stop), null);
    }

    private TrainingEnd Train(TrainingOrder work, IRunSink sink, CancellationToken stop)
    {
        using var measured = new SystemMetricsSink(sink, SystemMetricsSink.MetersOf(work.Device, clock), clock, work.Checkpoint?.Step);
        return trainer.Train(work, measured, stop);
    }

    private async Task AnnounceAsync(StartedAttempt started, string? discarded, CancellationToken cancellationToken)
    {
        if (discarded is not null) await attempts.DiscardCheckpointAsync(started.RunId, started.Attempt, discarded, cancellationToken);
        await attempts.ChildStartedAsync(started.RunId, started.Attempt, Supervision.ProcessTicks.Own(), cancellationToken);
    }

    /// <summary>
    /// Nothing can be recorded any more. When a newer attempt is the reason, it may use the same files already: not even a last
    /// checkpoint may be written.
    /// </summary>
    private void Abandon(Exception reason, CancellationTokenSource training)
    {
        if (reason is FencedException)
        {
            say(reason.Message);
            exitNow(ExitCodes.Fenced);
        }
        training.Cancel();
    }

    /// <summary>Waits until all is recorded, however long Postgres is away; after SIGTERM only as long as the host would.</summary>
    private async Task<int> RecordAsync(StartedAttempt started, DatabaseRunSink sink, TrainingEnd end, CancellationToken stop)
    {
        using var giveUp = new CancellationTokenSource();
        await using var limit = clock.CreateTimer(_ => giveUp.Cancel(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var onStop = stop.Register(() => limit.Change(StopLimit, Timeout.InfiniteTimeSpan));
        try
        {
            await sink.CompleteAsync().WaitAsync(giveUp.Token);
            if (end.Result is { } result)
            {
                var retry = new DatabaseRetry(clock, say);
                await retry.ExecuteAsync(token => attempts.SucceedAsync(started.RunId, started.Attempt, result, token), giveUp.Token);
            }
            return end.ExitCode;
        }
        catch (FencedException)
        {
            return ExitCodes.Fenced;
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            say("Postgres did not take the last points in time; the run will go on from its last recorded checkpoint.");
            return ExitCodes.DatabaseAway;
        }
    }
}
