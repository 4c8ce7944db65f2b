using System.IO.Compression;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Tracker.Web.Hosting;
using Tracker.Web.Identity;
using Tracker.Web.Mlflow;

namespace Tracker.Web.Api;

/// <summary>Compression, calls from other sites' pages, and time limits of the interfaces for programs. Pages have none of it.</summary>
public static class ApiTraffic
{
    /// <summary>Readings that are not streams end within this.</summary>
    public static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(30);

    private const string OtherSites = "api";
    private const string DocumentPath = "/openapi";

    private static readonly string[] s_compressed =
        ["application/json", "application/problem+json", "application/jsonl", "application/x-ndjson", "text/csv", "text/markdown", "text/plain", "application/x-tex"];

    public static void AddApiTraffic(this IServiceCollection services, ApiSettings settings)
    {
        services.AddResponseCompression(o =>
        {
            o.EnableForHttps = true;
            o.MimeTypes = s_compressed;
            o.Providers.Add<BrotliCompressionProvider>();
            o.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.AddSingleton<IResponseCompressionProvider, Compression>();
        services.AddRequestTimeouts(o => o.DefaultPolicy = null);
        services.AddCors(o => o.AddPolicy(OtherSites, p => p.WithOrigins([.. settings.CorsOrigins])
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE").AllowAnyHeader()
            .WithExposedHeaders("ETag", "Location", "Retry-After", "Content-Disposition", RepeatedRequests.ReplayedHeader).SetPreflightMaxAge(TimeSpan.FromHours(1))));
        services.AddRateLimits(settings);
    }

    /// <summary>Comes before what turns faults into answers, so that these are compressed as well.</summary>
    public static void UseApiCompression(this WebApplication app) => app.UseWhen(
        context => IsApi(context) || context.Request.Path.StartsWithSegments(DocumentPath, StringComparison.Ordinal), branch => branch.UseResponseCompression());

    /// <summary>Comes after routing and before authentication: a browser asks without a token whether it may send one. Cookies are never let through.</summary>
    public static void UseApiTraffic(this WebApplication app, ApiSettings settings)
    {
        if (settings.CorsOrigins.Count > 0) app.UseWhen(IsApi, branch => branch.UseCors(OtherSites));
        app.UseRequestTimeouts();
    }

    /// <summary>How a reading that takes too long ends.</summary>
    internal static RequestTimeoutPolicy Patience { get; } = new()
    {
        Timeout = ReadingTime, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable, WriteTimeoutResponse = context => Problem.TooSlow().ExecuteAsync(context),
    };

    internal static bool IsApi(HttpContext context) => MlflowPaths.Owns(context.Request) || context.Request.Path.StartsWithSegments(AccountsSetup.ApiPath, StringComparison.Ordinal);

    /// <summary>
    /// Leaves out answers that hold a secret, whose length could tell it (BREACH), and those with an entity tag, which stands for these bytes and no others.
    /// </summary>
    private sealed class Compression(IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
    {
        public override bool ShouldCompressResponse(HttpContext context) =>
            context.GetEndpoint()?.Metadata.GetMetadata<SecretAnswer>() is null && context.Response.Headers.ETag.Count == 0 && base.ShouldCompressResponse(context);
    }
}
