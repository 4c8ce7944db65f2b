using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Accounts;
using Tracker.Storage.Auditing;
using Tracker.Storage.Database;
using Tracker.Storage.Exports;
using Tracker.Storage.External;
using Tracker.Storage.Hosts;
using Tracker.Storage.JobEngine;
using Tracker.Storage.Leaderboards;
using Tracker.Storage.Metrics;
using Tracker.Storage.Recycling;
using Tracker.Storage.Requests;
using Tracker.Storage.Retention;
using Tracker.Storage.Runs;
using Tracker.Storage.Scheduling;
using Tracker.Storage.Search;
using Tracker.Storage.Sweeps;
using Tracker.Storage.Tables;
using Tracker.Storage.Telemetry;
using Tracker.Storage.Webhooks;

namespace Tracker.Storage;

/// <summary>Registers storage.</summary>
public static class StorageServices
{
    private static readonly TextCleaner s_cleaner = new();

    /// <summary>
    /// Registers everything that reads and writes the database. A process that queues or takes runs also calls
    /// <c>AddRunQueueClient</c> or <c>AddRunQueueHost</c>; a training process needs only <see cref="AddRunRecording"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">An Npgsql connection string.</param>
    public static IServiceCollection AddTrackerStorage(this IServiceCollection services, string connectionString)
    {
        services.AddRunRecording(connectionString);
        services.AddDbContextFactory<TrackerDbContext>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()).AddInterceptors(s_cleaner));
        services.AddSingleton<SchemaGuard>();
        services.AddSingleton<IChanges, Changes>();
        services.AddRuns();
        services.AddSweeps();
        services.AddReports(connectionString);
        services.AddSingleton<IHosts, HostsService>();
        services.AddSingleton<IMetrics, MetricsService>();
        services.AddSingleton<ITables, TablesService>();
        services.AddSingleton<ILeaderboards, LeaderboardsService>();
        services.AddSingleton<IUserSettings, UserSettings>();
        services.AddSingleton<ISavedViews, SavedViews>();
        services.AddSingleton<IPlaces, Places>();
        services.AddSingleton<IOwnership, Ownership>();
        services.AddSingleton<IAudit, AuditLog>();
        services.AddSingleton<SpaceReader>();
        services.AddSingleton<IRequestKeys, RequestKeys>();
        services.AddSingleton<IRetention, RetentionService>();
        services.AddSingleton<IDiscardedCheckpoints, DiscardedCheckpoints>();
        services.AddSingleton<IRecycleBin, RecycleBin>();
        services.AddSingleton<IPurge, Purge>();
        services.AddSingleton<IWebhooks, WebhooksService>();
        services.AddSingleton<IWebhookQueue, WebhookQueue>();
        return services;
    }

    /// <summary>
    /// Registers only what records a run, <see cref="IAttempts"/> and <see cref="IRunWriter"/>, for a training process: without EF it
    /// starts faster and takes less memory.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">An Npgsql connection string.</param>
    public static IServiceCollection AddRunRecording(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(RetryPolicy.Default);
        services.AddSingleton(_ => TrackerDataSource.Create(connectionString));
        services.AddSingleton<TrackerDatabase>();
        services.TryAddSingleton<IRunQueue, NoRunQueue>();
        services.AddSingleton<EngineExit>();
        services.AddSingleton<OwnHosts>();
        services.AddSingleton<AttemptStart>();
        services.AddSingleton<AttemptFinish>();
        services.AddSingleton<IAttempts, Attempts>();
        services.AddSingleton<IRunWriter, RunWriter>();
        return services;
    }

    /// <summary>
    /// Has this process look after the queue: take back what vanished hosts held, and repair what disagrees. Every host does, and the web
    /// process, so that a run waits again also when its host was the only one.
    /// </summary>
    /// <param name="services">The services, with a job engine.</param>
    public static IServiceCollection AddQueueUpkeep(this IServiceCollection services) => services.AddHostedService<QueueUpkeep>();

    /// <summary>
    /// Has this process count the cluster's queue and slots for <c>tracker.queue.length</c>, <c>tracker.slots.offered</c> and
    /// <c>tracker.slots.used</c>, while these are exported. One process does.
    /// </summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddClusterMetrics(this IServiceCollection services) => services.AddHostedService<ClusterWatch>();

    private static void AddRuns(this IServiceCollection services)
    {
        services.AddSingleton<RunVerbs>();
        services.AddSingleton<RunBin>();
        services.AddSingleton<RunReturn>();
        services.AddSingleton<HostRecovery>();
        services.AddSingleton<RunRepairs>();
        services.AddSingleton<RunReconciler>();
        services.AddSingleton<RunRates>();
        services.AddSingleton<IDispatcher, Dispatcher>();
        services.AddSingleton<IQueue, QueueService>();
        services.AddSingleton<IRuns, RunsService>();
        services.AddSingleton<MetricIds>();
        services.AddSingleton<RunQueries>();
        services.AddSingleton<IRunSearch, RunSearchService>();
        services.AddSingleton<IExports, ExportsService>();
    }

    private static void AddSweeps(this IServiceCollection services)
    {
        services.AddSingleton<SweepPlanner>();
        services.AddSingleton<SweepReader>();
        services.AddSingleton<ISweeps, SweepsService>();
    }

    private static void AddReports(this IServiceCollection services, string connectionString)
    {
        services.AddKeyedSingleton(TrackerDataSource.Stateless, (_, _) => TrackerDataSource.CreateStateless(connectionString));
        services.AddSingleton<ReportedChanges>();
        services.AddSingleton<ReportWriter>();
        services.AddSingleton<LoggedRunReader>();
        services.AddSingleton<LoggedHistoryReader>();
        services.AddSingleton<LostReports>();
        services.AddSingleton<ILoggedRuns, LoggedRuns>();
        services.AddSingleton<ExperimentReader>();
        services.AddSingleton<IExperiments, Experiments>();
    }
}
