using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Jobs.Devices;
using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>Executes what the job engine hands out: begins an attempt, has its child supervised, and records how it ended.</summary>
internal sealed partial class RunHandler(
    IAttempts attempts, HostIdentity host, DevicePool devices, ActiveRuns runs, ChildCommands commands, Supervisor supervisor, DatabaseRetry retry,
    ILogger<RunHandler> logger) : IRunHandler
{
    public async Task ExecuteAsync(long runId, DeviceClass device, CancellationToken cancellationToken)
    {
        var (run, isNew) = runs.Enter(runId);
        if (!isNew)
        {
            // After an outage of the database the engine may hand out a run that is still trained here: it simply goes on.
            LogStillHere(runId);
            await run.Left.Task;
            return;
        }
        try
        {
            await using var drain = cancellationToken.Register(() => run.Stop.Request(StopReason.Drain));
            using var lease = devices.Rent(device);
            await ExecuteAsync(runId, lease, run.Stop);
        }
        finally
        {
            runs.Leave(runId);
        }
    }

    private async Task ExecuteAsync(long runId, DeviceLease lease, StopRequest stop)
    {
        using var giveUp = new CancellationTokenSource();
        _ = stop.Requested.ContinueWith(_ => giveUp.CancelAsync(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        StartedAttempt? started;
        try
        {
            started = await retry.ExecuteAsync(token => attempts.BeginAsync(runId, host.Id, lease.Name, token), giveUp.Token);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            // If the attempt did begin, the reconciler or the next host finds the run without a child and queues it again.
            LogNotBegun(runId);
            return;
        }
        if (started is null) return;
        LogBegun(runId, started.Attempt, lease.Name);
        var end = await supervisor.SuperviseAsync(started, commands.For(started, lease.Name), stop);
        var state = await retry.ExecuteAsync(token => attempts.EndAsync(runId, started.Attempt, end, token), CancellationToken.None);
        LogEnded(runId, started.Attempt, end.Outcome, end.Reason ?? "done", state);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId}, attempt {Attempt} begins on {Device}.")]
    private partial void LogBegun(long runId, int attempt, string device);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId}, attempt {Attempt}: {Outcome} ({Reason}); the run is {State}.")]
    private partial void LogEnded(long runId, int attempt, AttemptOutcome outcome, string reason, RunState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} was handed out again while it is trained here; it goes on.")]
    private partial void LogStillHere(long runId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} does not begin, because the host drains.")]
    private partial void LogNotBegun(long runId);
}
