using Tracker.Telemetry;

namespace Tracker.Web.Hosting;

public static class Observation
{
    /// <summary>The log's form, and the export of metrics and log lines where it is configured.</summary>
    public static void AddObservation(this WebApplicationBuilder builder, Settings settings)
    {
        var target = TelemetryTarget.Read("tracker-web", Environment.MachineName, Environment.GetEnvironmentVariable);
        if (settings.JsonLog) builder.Logging.AddConsoleLog(json: true);
        builder.Logging.AddTelemetry(target);
        builder.Services.AddTelemetry(target, "Microsoft.AspNetCore.*", "Npgsql");
    }
}
