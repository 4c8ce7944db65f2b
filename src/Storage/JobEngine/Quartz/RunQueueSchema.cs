using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Storage.JobEngine.QuartzAdapter;

namespace Tracker.Storage;

/// <summary>Creates the job engine's tables.</summary>
public static class RunQueueSchema
{
    /// <summary>Creates what is missing; changes nothing that is there.</summary>
    public static async Task ProvisionAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(_ => NpgsqlDataSource.Create(connectionString))
            .AddRunQueueClient()
            .BuildServiceProvider();
        await services.GetRequiredService<QuartzScheduler>().GetAsync(cancellationToken);
    }
}
