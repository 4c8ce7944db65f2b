using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>Executes what the job engine hands out: begins an attempt, has its child supervised, and records how it ended.</summary>
internal sealed partial class RunHandler(
    IAttempts attempts, HostIdentity host, ActiveRuns runs, ChildCommands commands, Supervisor supervisor, SlotFiller slots,
    ChildUpkeep children, DatabaseRetry retry,
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
            if (await GoesOnAsync(runId, run))
            {
                LogStillHere(runId);
                return;
            }
            // It was given to this host anew: it is begun below, when the process of its former attempt has ended.
            children.Look();
            await run.Left.Task;
            (run, isNew) = runs.Enter(runId);
        }
        var settled = false;
        try
        {
            await using var drain = cancellationToken.Register(() => run.Stop.Request(StopReason.Drain));
            settled = await ExecuteAsync(runId, run);
        }
        finally
        {
            runs.Leave(runId);
            slots.Look();
            // An attempt may be recorded as going on that has no process any more.
            if (!settled) children.Look();
        }
    }

    /// <summary>
    /// Whether a run that is handed out while it is here is the same assignment again: the engine repeats itself when it did not hear of this
    /// host for a while. To wait for its end would take a slot from another run.
    /// </summary>
    private async Task<bool> GoesOnAsync(long runId, ActiveRun run) =>
        run.Attempt == 0 || (await retry.ExecuteAsync(token => attempts.HeldAsync(host.Id, token), CancellationToken.None)).Any(h => h.RunId == runId);

    /// <summary>Executes a run from begin to end.</summary>
    /// <returns>Whether it is certain that no attempt is recorded as going on.</returns>
    private async Task<bool> ExecuteAsync(long runId, ActiveRun run)
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
            // The attempt may have begun all the same.
            LogNotBegun(runId);
            return false;
        }
        if (started is null) return true;
        using var scope = s_ofAttempt(logger, started.Attempt);
        run.Attempt = started.Attempt;
        LogBegun(runId, started.Attempt, started.Device);
        var end = await SuperviseAsync(started, stop);
        // A child that recorded its success has given its device back already: what comes next is fetched while this end is recorded.
        slots.Look();
        var state = await EndAsync(started, end);
        LogEnded(runId, started.Attempt, end.Outcome, end.Reason ?? "done", state);
        return true;
    }

    /// <summary>Has the child supervised. A fault of the host itself ends the attempt like a crash, so that it is told and counted.</summary>
    private async Task<AttemptEnd> SuperviseAsync(StartedAttempt started, StopRequest stop)
    {
        try
        {
            return await supervisor.SuperviseAsync(started, commands.For(started), stop);
        }
        catch (Exception e)
        {
            LogUnsupervised(e, started.RunId, started.Attempt);
            return Faulted("its host could not look after it", e);
        }
    }

    private async Task<RunState> EndAsync(StartedAttempt started, AttemptEnd end)
    {
        try
        {
            return await retry.ExecuteAsync(token => attempts.EndAsync(started.RunId, started.Attempt, end, token), CancellationToken.None);
        }
        catch (Exception e)
        {
            LogUnrecorded(e, started.RunId, started.Attempt);
            var instead = Faulted("its end could not be recorded", e);
            return await retry.ExecuteAsync(token => attempts.EndAsync(started.RunId, started.Attempt, instead, token), CancellationToken.None);
        }
    }

    private static AttemptEnd Faulted(string what, Exception exception) =>
        new(AttemptOutcome.Failed, ExitCode: null, Signal: null, $"{what}: {DatabaseFaults.Reason(exception)}.", FailureKind.Crashed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId}, attempt {Attempt} begins on {Device}.")]
    private partial void LogBegun(long runId, int attempt, string device);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId}, attempt {Attempt}: {Outcome} ({Reason}); the run is {State}.")]
    private partial void LogEnded(long runId, int attempt, AttemptOutcome outcome, string reason, RunState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} was handed out again while it is trained here; it goes on.")]
    private partial void LogStillHere(long runId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} does not begin, because the host drains.")]
    private partial void LogNotBegun(long runId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId}, attempt {Attempt}: its training process could not be looked after, and is killed.")]
    private partial void LogUnsupervised(Exception exception, long runId, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId}, attempt {Attempt}: its end cannot be recorded as it was.")]
    private partial void LogUnrecorded(Exception exception, long runId, int attempt);
}
