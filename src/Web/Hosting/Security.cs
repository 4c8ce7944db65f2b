using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;

namespace Tracker.Web.Hosting;

public static class Security
{
    /// <summary>
    /// No script but our own files; inline styles are allowed because charts and the component library position elements with them.
    /// </summary>
    private const string ContentPolicyStart =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    public static void AddSecurity(this WebApplicationBuilder builder, Settings settings)
    {
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        builder.Services.AddDataProtection()
            .SetApplicationName("Tracker")
            .PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(settings.DataDirectory, "keys")));
        builder.Services.AddHsts(o => o.MaxAge = TimeSpan.FromDays(180));
        builder.Services.Configure<ForwardedHeadersOptions>(o =>
        {
            o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            o.KnownProxies.Clear();
            o.KnownIPNetworks.Clear();
            foreach (var network in settings.Access.Proxies) o.KnownIPNetworks.Add(network);
            // As many as are known may have handed a request on to each other.
            o.ForwardLimit = null;
        });
    }

    /// <summary>Believes those proxies that the settings name, and nobody else, where a request comes from; comes first.</summary>
    public static void UseProxies(this WebApplication app, Settings settings)
    {
        if (settings.Access.Proxies.Count > 0) app.UseForwardedHeaders();
    }

    /// <summary>Sends the headers that browsers guard pages by; HSTS is sent over https only.</summary>
    public static void UseSecurityHeaders(this WebApplication app, Settings settings)
    {
        // A form that starts the sign-in at the provider is redirected there, and browsers hold redirects against the policy as well.
        var policy = settings.Access.OAuth is { } provider ? $"{ContentPolicyStart} {provider.Authorize.GetLeftPart(UriPartial.Authority)}" : ContentPolicyStart;
        app.UseHsts();
        app.Use((context, next) =>
        {
            // When the answer starts, because handlers of faults begin anew with the headers.
            context.Response.OnStarting(() => Add(context.Response.Headers, policy));
            return next(context);
        });
    }

    private static Task Add(IHeaderDictionary headers, string policy)
    {
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
