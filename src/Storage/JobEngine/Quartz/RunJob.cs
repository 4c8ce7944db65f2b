using Microsoft.Extensions.Logging;
using Quartz;
using Tracker.Storage.Runs;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <summary>Hands a run that Quartz fires to the host's handler.</summary>
internal sealed partial class RunJob(IRunHandler handler, QuartzRunHost host, RunReturn back, ILogger<RunJob> logger) : IJob
{
    private static readonly TimeSpan s_brake = TimeSpan.FromSeconds(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var runId = QuartzRunQueue.RunIdOf(context.JobDetail.Key.Name);
        var name = context.Scheduler.SchedulerInstanceId;
        var draining = host.Enter();
        try
        {
            // A trigger that was acquired before the standby may fire after it.
            if (draining.IsCancellationRequested) await back.ReturnAsync(runId, name, TimeSpan.Zero, CancellationToken.None);
            else await handler.ExecuteAsync(runId, draining);
        }
        catch (Exception e)
        {
            // Quartz would only note the failure and forget the run, which nobody may have begun.
            LogFailure(logger, runId, e);
            await back.ReturnAsync(runId, name, s_brake, draining);
        }
        finally
        {
            host.Leave();
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Run {RunId} could not be executed; it goes back to the queue if it was not begun.")]
    private static partial void LogFailure(ILogger logger, long runId, Exception exception);
}
