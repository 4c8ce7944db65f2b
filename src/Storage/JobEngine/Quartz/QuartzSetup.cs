using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <summary>What every process tells Quartz alike.</summary>
internal static class QuartzSetup
{
    /// <summary>All hosts and the web process are one cluster of this name.</summary>
    public const string SchedulerName = "tracker";

    /// <summary>
    /// A node that stays silent for interval plus threshold counts as dead, and what it executed is handed out again. Well after the product
    /// itself gives a host up and takes its runs out of the engine: what is handed out again while its host still trains it only costs a slot.
    /// </summary>
    private static readonly TimeSpan s_checkinInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_checkinThreshold = 2 * HostView.LostAfter;

    /// <summary>Hosts are nudged when they have been given runs; this only covers a nudge that got lost with the database.</summary>
    private static readonly TimeSpan s_idleWait = TimeSpan.FromSeconds(10);

    /// <summary>Pause between looks while the database is away; Quartz' own 15 s would follow each outage as idle time.</summary>
    private static readonly TimeSpan s_databaseRetry = TimeSpan.FromSeconds(2);

    public static void UseStore(this IQuartzBuilder quartz)
    {
        quartz.ConfigureScheduler(options =>
        {
            options.IdleWaitTime = s_idleWait;
            options.PropagateTraceContext = false;
        });
        quartz.AddSchedulerListener<EngineFaults>();
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(source => source.DataSourceFactory = provider => provider.GetRequiredService<NpgsqlDataSource>());
            store.UseSystemTextJsonSerializer();
            store.ProvisionSchema();
            store.ConfigureStore(options =>
            {
                options.StoreJobDataAsStrings = true;
                options.DbRetryInterval = s_databaseRetry;
                options.AcceptEnlistedTransactions = true;
                // Without the lock a firing round writes triggers in another order than our transactions that take runs out: a deadlock, now and then.
                options.AcquireTriggersWithinLock = true;
            });
            store.UseClustering(cluster =>
            {
                cluster.CheckinInterval = s_checkinInterval;
                cluster.CheckinMisfireThreshold = s_checkinThreshold;
            });
        });
    }
}
