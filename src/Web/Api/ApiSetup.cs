using System.Text.Json.Serialization;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>Registers and maps the REST interface.</summary>
public static class ApiSetup
{
    public const string Prefix = "/api/v1";

    public static void AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o =>
        {
            var converters = o.SerializerOptions.Converters;
            // What specifications state is written as they write it; states and outcomes keep the names that filters use.
            converters.Add(new JsonStringEnumConverter<Priority>(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            converters.Add(new JsonStringEnumConverter<DeviceClass>(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            converters.Add(new JsonStringEnumConverter<MetricAxis>(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            converters.Add(new JsonStringEnumConverter(allowIntegerValues: false));
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddSingleton<ExportGate>();
        services.AddApiDocument();
    }

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup(Prefix)
            .AddEndpointFilter(RequestGuards.RefuseCrossSite)
            .AddEndpointFilter(RequestGuards.RefuseUnacceptable)
            .AddEndpointFilterFactory(RequestGuards.RefuseUnknownQuery)
            .With(401).With(403).With(406).With(429).With(500).With(503)
            .DisableAntiforgery();
        ((IEndpointConventionBuilder)api).Finally(StatePolicy);
        ((IEndpointConventionBuilder)api).Finally(EndpointHabits.Apply);
        api.MapSweeps();
        api.MapRuns();
        api.MapStream();
        api.MapMetrics();
        api.MapExports();
        api.MapBin();
        api.MapRetention();
        api.MapTables();
        api.MapLeaderboards();
        api.MapHosts();
        api.MapQueue();
        api.MapCatalogue();
        api.MapTokens();
        api.MapPassword();
        api.MapMe();
        api.MapUsers();
        api.MapAudit();
        api.MapWebhooks();
        app.MapApiDocument();
    }

    /// <summary>Whoever signs in reads, members change, unless an endpoint states otherwise: one that is added and states nothing is not open to more.</summary>
    private static void StatePolicy(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<IAuthorizeData>().Any(a => a.Policy is not null)) return;
        var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().SelectMany(m => m.HttpMethods).ToList();
        endpoint.Metadata.Add(new AuthorizeAttribute(methods.Count > 0 && methods.All(m => HttpMethods.IsGet(m) || HttpMethods.IsHead(m)) ? Policies.Read : Policies.Act));
    }
}
