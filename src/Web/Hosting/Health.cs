using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tracker.Storage;
using Tracker.Web.Live;

namespace Tracker.Web.Hosting;

/// <summary><c>/healthz</c>: the process lives. <c>/readyz</c>: it can serve. Whatever must be there for serving registers a check with the tag <see cref="Ready"/>.</summary>
public static class Health
{
    public const string Ready = "ready";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<DatabaseCheck>("database", tags: [Ready], timeout: s_patience)
        .AddCheck<ListenerCheck>("listener", tags: [Ready]);

    /// <summary>Comes before authentication, which asks the database: a probe is answered without it.</summary>
    public static void UseHealth(this WebApplication app)
    {
        app.UseHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false });
        app.UseHealthChecks("/readyz", new HealthCheckOptions { Predicate = c => c.Tags.Contains(Ready), ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, new
        {
            Status = report.Status == HealthStatus.Healthy ? "ready" : "not ready",
            Checks = report.Entries.ToDictionary(e => e.Key, e => new { Ok = e.Value.Status == HealthStatus.Healthy, e.Value.Description }),
        }, s_json, context.RequestAborted);
    }

    /// <summary>The database answers and has the schema of this build.</summary>
    private sealed class DatabaseCheck(SchemaGuard schema) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await schema.CheckAsync(cancellationToken);
                return HealthCheckResult.Healthy($"Schema {Schema.Latest}.");
            }
            catch (SchemaException e)
            {
                return HealthCheckResult.Unhealthy(e.Message, e);
            }
            catch (Exception e) when (TransientErrors.IsTransient(e))
            {
                return HealthCheckResult.Unhealthy("The database does not answer.", e);
            }
        }
    }

    /// <summary>The database's notifications arrive, so that pages are live.</summary>
    private sealed class ListenerCheck(LiveStatus live) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
            live.Listening ? HealthCheckResult.Healthy("Listening to notifications.") : HealthCheckResult.Unhealthy("Not listening to the database's notifications."));
    }
}
