using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;
using Tracker.Storage.JobEngine.QuartzAdapter;

namespace Tracker.Storage;

/// <summary>Registers the job engine of this build: Quartz with its clustered store in the product's database.</summary>
public static class RunQueueServices
{
    /// <summary>Registers the engine for a process that queues runs and executes none: its scheduler is never started.</summary>
    public static IServiceCollection AddRunQueueClient(this IServiceCollection services)
    {
        services.AddQuartz(QuartzSetup.SchedulerName, quartz =>
        {
            quartz.UseStore();
            quartz.UseDefaultThreadPool(1);
        });
        return services.AddAdapter();
    }

    /// <summary>Registers the engine for a process that executes runs; <see cref="IRunQueueHost"/> starts it.</summary>
    /// <typeparam name="THandler">What executes them.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="hostName">Name of the host, unique among live hosts: after a crash, what the engine had handed out is handed out again to the host of the same name.</param>
    /// <param name="lanes">The lanes that it serves, with the number of runs that it takes from each at once.</param>
    public static IServiceCollection AddRunQueueHost<THandler>(this IServiceCollection services, string hostName, IReadOnlyDictionary<string, int> lanes)
        where THandler : class, IRunHandler
    {
        ArgumentNullException.ThrowIfNull(lanes);
        services.AddQuartz(QuartzSetup.SchedulerName, quartz =>
        {
            quartz.UseStore();
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceId = hostName;
                options.GenerateInstanceId = false;
            });
            quartz.UseDefaultThreadPool(Math.Max(1, lanes.Values.Sum()));
            quartz.UseExecutionLimits(limits =>
            {
                foreach (var (lane, slots) in lanes) limits.ForGroup(lane, slots);
                limits.ForDefaultGroup(0).ForOtherGroups(0);
            });
        });
        services.AddSingleton<IRunHandler, THandler>();
        services.AddSingleton<QuartzRunHost>();
        services.AddSingleton<IRunQueueHost>(provider => provider.GetRequiredService<QuartzRunHost>());
        services.AddTransient<RunJob>();
        return services.AddAdapter();
    }

    private static IServiceCollection AddAdapter(this IServiceCollection services)
    {
        services.AddSingleton<QuartzScheduler>();
        return services.AddSingleton<IRunQueue>(provider => new QuartzRunQueue(provider.GetRequiredService<QuartzScheduler>(), provider.GetRequiredService<NpgsqlDataSource>()));
    }
}
