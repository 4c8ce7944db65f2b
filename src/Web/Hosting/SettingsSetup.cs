using System.Globalization;

namespace Tracker.Web.Hosting;

public static class SettingsSetup
{
    /// <summary>Reads all settings, checks them, and makes sure that the port is free.</summary>
    /// <exception cref="StartupException">A setting is wrong or the port is taken.</exception>
    public static Settings AddSettings(this WebApplicationBuilder builder)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        var settings = Settings.Read(builder.Configuration);
        ListenAddresses.UseDefault(builder);
        ListenAddresses.RequireFree(builder.Configuration);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(settings.Access);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CheckpointFolder>();
        return settings;
    }
}
