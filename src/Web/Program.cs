using Microsoft.AspNetCore.Connections;
using Tracker.Storage;
using Tracker.Web.Api;
using Tracker.Web.Components;
using Tracker.Web.Hosting;
using Tracker.Web.Identity;
using Tracker.Web.Live;
using Tracker.Web.Mlflow;
using Tracker.Web.Webhooks;

try
{
    var builder = WebApplication.CreateBuilder(args);

    // Also outside Development, so that the program runs from its build folder; a published one has its files beside it.
    builder.WebHost.UseStaticWebAssets();
    var settings = builder.AddSettings();
    builder.AddObservation(settings);
    builder.AddSecurity(settings);
    builder.Services.AddTrackerStorage(settings.Database).AddRunQueueClient().AddQueueUpkeep().AddClusterMetrics();
    builder.Services.GuardStorage();
    builder.Services.AddAccounts(settings.Access);
    builder.Services.AddHealth();
    builder.Services.AddApi();
    builder.Services.AddMlflow();
    builder.Services.AddApiTraffic(settings.Api);
    builder.Services.AddLiveUpdates();
    builder.Services.AddWebhooks(settings);
    builder.Services.AddPages();
    builder.Services.AddHostedService<RetentionJob>();
    builder.Services.AddSingleton<ArtifactFiles>();
    builder.Services.AddSingleton<IRunFiles>(s => s.GetRequiredService<ArtifactFiles>());
    builder.Services.AddHostedService<PurgeJob>();

    var app = builder.Build();

    app.UseProxies(settings);
    app.UseSecurityHeaders(settings);
    app.UseHealth();
    app.UseApiCompression();
    app.UseApiErrors();
    app.UseMlflowErrors();
    app.UseErrorPages();
    app.UseNulGuard();
    app.UseApiDocs();
    app.UseSignInLimits();
    app.UseApiTraffic(settings.Api);
    app.UseAuthentication();
    app.UseActor();
    app.UseRateLimits();
    app.UseAuthorization();
    app.UseOpenRequests();
    app.UseRepeatedRequests();
    app.MapAccounts();
    app.MapApi();
    app.MapMlflow();
    app.MapPages();

    await app.PrepareDatabaseAsync(settings);
    await app.RunAsync();
    return 0;
}
catch (StartupException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (IOException e) when (e.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync(ListenAddresses.TakenMessage(e.Message));
    return 1;
}
