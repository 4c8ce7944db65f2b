using Microsoft.AspNetCore.DataProtection;

namespace Tracker.Web.Hosting;

public static class Security
{
    /// <summary>
    /// No script but our own files; inline styles are allowed because charts and the component library position elements with them.
    /// </summary>
    private const string ContentPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void AddSecurity(this WebApplicationBuilder builder, Settings settings)
    {
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        builder.Services.AddDataProtection()
            .SetApplicationName("Tracker")
            .PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(settings.DataDirectory, "keys")));
        builder.Services.AddHsts(o => o.MaxAge = TimeSpan.FromDays(180));
    }

    /// <summary>Sends the headers that browsers guard pages by; HSTS is sent over https only.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        app.UseHsts();
        app.Use((context, next) =>
        {
            // When the answer starts, because handlers of faults begin anew with the headers.
            context.Response.OnStarting(Add, context.Response.Headers);
            return next(context);
        });
    }

    private static Task Add(object state)
    {
        var headers = (IHeaderDictionary)state;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
