namespace Tracker.Web.Live;

public static class LiveSetup
{
    /// <summary>Registers the listener to the database and what it feeds.</summary>
    public static IServiceCollection AddLiveUpdates(this IServiceCollection services)
    {
        services.AddSingleton<LiveHub>();
        services.AddSingleton<SharedReads>();
        services.AddSingleton<LiveStatus>();
        services.AddSingleton<RunStream>();
        services.AddSingleton<Throughput>();
        services.AddHostedService<ChangeListener>();
        services.AddHostedService(provider => provider.GetRequiredService<Throughput>());
        return services;
    }
}
