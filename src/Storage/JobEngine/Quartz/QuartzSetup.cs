using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <summary>What every process tells Quartz alike.</summary>
internal static class QuartzSetup
{
    /// <summary>All hosts and the web process are one cluster of this name.</summary>
    public const string SchedulerName = "tracker";

    /// <summary>A host that stays silent for interval plus threshold counts as dead; its runs then go to other hosts.</summary>
    private static readonly TimeSpan s_checkinInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_checkinThreshold = TimeSpan.FromSeconds(4);

    /// <summary>The shortest that Quartz allows: a free host sees a new run after at most this time.</summary>
    private static readonly TimeSpan s_idleWait = TimeSpan.FromSeconds(1);

    public static void UseStore(this IQuartzBuilder quartz)
    {
        quartz.ConfigureScheduler(options =>
        {
            options.IdleWaitTime = s_idleWait;
            options.PropagateTraceContext = false;
        });
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(source => source.DataSourceFactory = provider => provider.GetRequiredService<NpgsqlDataSource>());
            store.UseSystemTextJsonSerializer();
            store.ProvisionSchema();
            store.ConfigureStore(options =>
            {
                options.StoreJobDataAsStrings = true;
                options.AcceptEnlistedTransactions = true;
            });
            store.UseClustering(cluster =>
            {
                cluster.CheckinInterval = s_checkinInterval;
                cluster.CheckinMisfireThreshold = s_checkinThreshold;
            });
        });
    }
}
