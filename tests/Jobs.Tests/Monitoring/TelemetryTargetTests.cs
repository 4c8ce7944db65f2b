using Tracker.Telemetry;

namespace Tracker.Jobs.Tests.Monitoring;

public sealed class TelemetryTargetTests
{
    [Theory]
    [InlineData("", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://collector:4318/v1/metrics", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://collector:4318/v1/logs", false, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317 OTEL_SDK_DISABLED=true", false, false)]
    public void What_is_exported_follows_from_the_standard_variables(string variables, bool metrics, bool logs)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        var target = TelemetryTarget.Read("tracker-host", "gpu-1", set.GetValueOrDefault);

        target.ShouldBe(new("tracker-host", "gpu-1", metrics, logs));
        target.Any.ShouldBe(metrics || logs);
        using var started = TelemetryExport.StartMetrics(target with { Metrics = false });
        started.ShouldBeNull();
    }
}
