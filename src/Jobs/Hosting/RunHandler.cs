using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>Executes what the job engine hands out: begins an attempt, has its child supervised, and records how it ended.</summary>
internal sealed partial class RunHandler(
    IAttempts attempts, HostIdentity host, ActiveRuns runs, ChildCommands commands, Supervisor supervisor, SlotFiller slots, DatabaseRetry retry,
    ILogger<RunHandler> logger) : IRunHandler
{
    // Whatever is logged while a run is here can be found by it, also what does not name it.
    private static readonly Func<ILogger, long, IDisposable?> s_ofRun = LoggerMessage.DefineScope<long>("Run {RunId}");
    private static readonly Func<ILogger, int, IDisposable?> s_ofAttempt = LoggerMessage.DefineScope<int>("Attempt {Attempt}");

    public async Task ExecuteAsync(long runId, CancellationToken cancellationToken)
    {
        using var scope = s_ofRun(logger, runId);
        var (run, isNew) = runs.Enter(runId);
        while (!isNew)
        {
            // After an outage of the database the engine may hand out a run that is still trained here: it simply goes on. A run that has
            // just left may also have been given to this host again: then it is begun below.
            LogStillHere(runId);
            await run.Left.Task;
            (run, isNew) = runs.Enter(runId);
        }
        try
        {
            await using var drain = cancellationToken.Register(() => run.Stop.Request(StopReason.Drain));
            await ExecuteAsync(runId, run);
        }
        finally
        {
            runs.Leave(runId);
            slots.Look();
        }
    }

    private async Task ExecuteAsync(long runId, ActiveRun run)
    {
        var stop = run.Stop;
        using var giveUp = new CancellationTokenSource();
        _ = stop.Requested.ContinueWith(_ => giveUp.CancelAsync(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        StartedAttempt? started;
        try
        {
            started = await retry.ExecuteAsync(token => attempts.BeginAsync(runId, host.Id, token), giveUp.Token);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            // If the attempt did begin, ChildUpkeep or the next host finds the run without a child and queues it again.
            LogNotBegun(runId);
            return;
        }
        if (started is null) return;
        using var scope = s_ofAttempt(logger, started.Attempt);
        run.Attempt = started.Attempt;
        LogBegun(runId, started.Attempt, started.Device);
        var end = await supervisor.SuperviseAsync(started, commands.For(started), stop);
        // A child that recorded its success has given its device back already: what comes next is fetched while this end is recorded.
        slots.Look();
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
