using Radzen;
using Tracker.Web.Live;

namespace Tracker.Web.Components;

/// <summary>Registers and maps the Blazor pages.</summary>
public static class PagesSetup
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddHttpContextAccessor();
        services.AddSingleton<Handoff>();
        services.AddScoped<Confirmation>();
        services.AddScoped<Browser>();
        return services;
    }

    /// <summary>Faults and unknown addresses become pages for people; clients of the API get problem details from the API itself.</summary>
    public static WebApplication UseErrorPages(this WebApplication app)
    {
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), pages =>
        {
            if (!app.Environment.IsDevelopment())
                pages.UseExceptionHandler("/error", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
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
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }
}
