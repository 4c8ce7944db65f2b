using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <summary>
/// The scheduler of this process, made when it is first needed. One whose making fails or is broken off stays shut down for good: so the
/// server is asked for a sign of life first, and whoever loses patience only stops waiting.
/// </summary>
internal sealed class QuartzScheduler([FromKeyedServices(QuartzSetup.SchedulerName)] ISchedulerFactory factory, NpgsqlDataSource dataSource)
{
    private volatile bool _made;

    /// <summary>The scheduler.</summary>
    /// <exception cref="NpgsqlException">It is not made yet, and the server is away.</exception>
    public async Task<IScheduler> GetAsync(CancellationToken cancellationToken)
    {
        if (!_made)
        {
            await using var command = dataSource.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
        }
        var scheduler = await factory.GetScheduler(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        _made = true;
        return scheduler;
    }
}
