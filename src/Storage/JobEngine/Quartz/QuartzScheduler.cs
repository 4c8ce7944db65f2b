using Quartz;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <summary>The scheduler of this process, made when it is first needed.</summary>
internal sealed class QuartzScheduler(ISchedulerFactory factory)
{
    public async ValueTask<IScheduler> GetAsync(CancellationToken cancellationToken) =>
        await factory.LookupScheduler(QuartzSetup.SchedulerName, cancellationToken)
        ?? throw new InvalidOperationException($"There is no scheduler '{QuartzSetup.SchedulerName}' in this process.");
}
