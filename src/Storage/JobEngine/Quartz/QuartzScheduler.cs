using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <summary>The scheduler of this process, made when it is first needed.</summary>
internal sealed class QuartzScheduler([FromKeyedServices(QuartzSetup.SchedulerName)] ISchedulerFactory factory)
{
    public ValueTask<IScheduler> GetAsync(CancellationToken cancellationToken) => factory.GetScheduler(cancellationToken);
}
