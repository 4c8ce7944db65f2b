using Microsoft.Extensions.Logging;
using Quartz;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <summary>
/// Tells what goes wrong inside Quartz. Its own log is kept quiet, since during an outage it tells each of its tries with a stack trace.
/// </summary>
internal sealed class EngineFaults(ILogger<EngineFaults> logger) : ISchedulerListener
{
    private readonly LoopFaults _faults = new(logger, "the job engine looks for runs");

    public ValueTask SchedulerError(IScheduler scheduler, SchedulerErrorContext context, CancellationToken cancellationToken = default)
    {
        _faults.Tell(context.Exception);
        return ValueTask.CompletedTask;
    }
}
