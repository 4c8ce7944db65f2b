namespace Tracker.Telemetry;

/// <summary>Who exports, and whether it was asked to: by the variables that OpenTelemetry lays down.</summary>
/// <param name="Service">Name of the service, such as <c>tracker-host</c>.</param>
/// <param name="Instance">What tells it from others of that name.</param>
/// <param name="Metrics">Whether metrics are exported.</param>
/// <param name="Logs">Whether log lines are exported.</param>
public sealed record TelemetryTarget(string Service, string Instance, bool Metrics, bool Logs)
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string MetricsEndpointVariable = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    public const string LogsEndpointVariable = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
    public const string DisabledVariable = "OTEL_SDK_DISABLED";

    /// <summary>Whether anything is exported.</summary>
    public bool Any => Metrics || Logs;

    /// <summary>Reads the variables.</summary>
    /// <param name="service">Name of the service.</param>
    /// <param name="instance">What tells it from others of that name.</param>
    /// <param name="environment">Reads a variable.</param>
    public static TelemetryTarget Read(string service, string instance, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        bool Names(string variable) => !string.IsNullOrWhiteSpace(environment(variable));
        var disabled = string.Equals(environment(DisabledVariable), "true", StringComparison.OrdinalIgnoreCase);
        var all = Names(EndpointVariable);
        return new(service, instance, !disabled && (all || Names(MetricsEndpointVariable)), !disabled && (all || Names(LogsEndpointVariable)));
    }
}
