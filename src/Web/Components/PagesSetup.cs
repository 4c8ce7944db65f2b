using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;
using Radzen;
using Tracker.Web.Components.Layout;
using Tracker.Web.Identity;
using Tracker.Web.Live;
using Tracker.Web.Mlflow;

namespace Tracker.Web.Components;

/// <summary>Registers and maps the Blazor pages.</summary>
public static class PagesSetup
{
    // The browser takes the connection for lost after three of them (connection.js).
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(Tune).AddHubOptions(Tune);
        // In place of the one that Blazor brings, which tells a live page once and for all who sits in front of it.
        services.AddScoped<AuthenticationStateProvider, CircuitAuthentication>();
        services.AddRadzenComponents();
        services.AddHttpContextAccessor();
        services.AddSingleton<Handoff>();
        services.AddScoped<Confirmation>();
        services.AddScoped<Browser>();
        services.AddScoped<PageAttention>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<PageAttention>());
        return services;
    }

    /// <summary>
    /// How long what a page holds waits for a browser that was cut off: through a lunch break in a tunnel, but not for more pages than
    /// some hundred megabytes hold. Those that were left on purpose say so and are dropped at once.
    /// </summary>
    private static void Tune(CircuitOptions circuits)
    {
        circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(20);
        circuits.DisconnectedCircuitMaxRetained = 100;
    }

    private static void Tune(HubOptions hub)
    {
        hub.KeepAliveInterval = s_heartbeat;
        // A hidden tab's timers run once a minute, so that its sign of life may take as long.
        hub.ClientTimeoutInterval = TimeSpan.FromSeconds(90);
        // A specification of the largest sweep, pasted as JSON.
        hub.MaximumReceiveMessageSize = 256 * 1024;
    }

    /// <summary>Faults and unknown addresses become pages for people; clients of the API get problem details from the API itself.</summary>
    public static WebApplication UseErrorPages(this WebApplication app)
    {
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !MlflowPaths.Owns(context.Request), pages =>
        {
            if (!app.Environment.IsDevelopment())
                pages.UseExceptionHandler("/error", createScopeForErrors: true);
            // Whoever posts is told the plain status: the page would take the form for its own and refuse it with another one.
            pages.UseWhen(context => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method),
                read => read.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        });
        // After the branch, so that the address it goes on with is routed anew.
        app.UseRouting();
        return app;
    }

    /// <summary>Maps static files and pages; comes after authentication and authorization.</summary>
    public static WebApplication MapPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapJump();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }
}
