using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Tracker.Telemetry;

/// <summary>
/// Sends metrics and log lines by OTLP. Where to, how and how often is read by the exporter from the standard variables. Nothing of it is
/// loaded where nothing is to be exported; what cannot be delivered is dropped, and no caller ever waits for it.
/// </summary>
public static class TelemetryExport
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    /// <summary>Begins to export metrics, if they are to be exported.</summary>
    /// <param name="target">Who exports.</param>
    /// <param name="meters">Meters beside the product's own and the runtime's; an asterisk stands for any end.</param>
    /// <returns>Ends it, after a last delivery for which it waits one second at most: a child that is to stop has ten.</returns>
    public static IDisposable? StartMetrics(TelemetryTarget target, params IReadOnlyList<string> meters)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Metrics ? new Metrics(Build(target, meters)) : null;
    }

    /// <summary>Exports metrics for as long as the host runs, if they are to be exported. Registered first, it ends last.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryTarget target, params IReadOnlyList<string> meters)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Metrics ? services.AddHostedService(_ => new Exporting(() => StartMetrics(target, meters))) : services;
    }

    /// <summary>Adds the export of log lines, with their scopes, if they are to be exported.</summary>
    /// <param name="logging">The program's logging.</param>
    /// <param name="target">Who exports.</param>
    public static ILoggingBuilder AddTelemetry(this ILoggingBuilder logging, TelemetryTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Logs ? Add(logging, target) : logging;
    }

    // Methods of their own, so that the libraries are loaded only when these are called.
    private static MeterProvider Build(TelemetryTarget target, IReadOnlyList<string> meters) => Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(Describe(target)).AddMeter(["Tracker.*", "System.Runtime", .. meters]).AddOtlpExporter().Build();

    private static ILoggingBuilder Add(ILoggingBuilder logging, TelemetryTarget target) => logging.AddOpenTelemetry(options =>
    {
        options.SetResourceBuilder(Describe(target));
        options.IncludeScopes = true;
        options.IncludeFormattedMessage = true;
        options.AddOtlpExporter();
    });

    /// <summary>OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last: whoever sets them means them.</summary>
    private static ResourceBuilder Describe(TelemetryTarget target) => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService(target.Service, serviceInstanceId: target.Instance)
        .AddAttributes([new("host.name", Environment.MachineName)])
        .AddEnvironmentVariableDetector();

    private sealed class Metrics(MeterProvider provider) : IDisposable
    {
        public void Dispose()
        {
            provider.Shutdown((int)s_farewell.TotalMilliseconds);
            provider.Dispose();
        }
    }

    private sealed class Exporting(Func<IDisposable?> start) : IHostedService
    {
        private IDisposable? _metrics;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _metrics = start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() => _metrics?.Dispose(), CancellationToken.None);
    }
}
