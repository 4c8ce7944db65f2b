using Microsoft.AspNetCore.Authentication;
using Microsoft.Net.Http.Headers;

namespace Tracker.Web.Api;

/// <summary>What a request signed in with, for answers that outlast what it may have been taken away.</summary>
public sealed class Credentials
{
    private readonly IServiceScopeFactory _scopes;
    private readonly Dictionary<string, string> _headers;
    private readonly HttpRequest _request;

    private Credentials(IServiceScopeFactory scopes, HttpRequest request)
    {
        (_scopes, _request) = (scopes, request);
        _headers = ((string[])[HeaderNames.Authorization, HeaderNames.Cookie])
            .Where(request.Headers.ContainsKey).ToDictionary(name => name, name => request.Headers[name].ToString(), StringComparer.OrdinalIgnoreCase);
    }

    public static Credentials Of(HttpContext context) => new(context.RequestServices.GetRequiredService<IServiceScopeFactory>(), context.Request);

    /// <summary>Whether the same credentials would still sign in.</summary>
    public async Task<bool> HoldAsync(CancellationToken cancellationToken)
    {
        // A request keeps what its first check said, so the check is made as for a new one.
        await using var scope = _scopes.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
        (context.Request.Scheme, context.Request.Host, context.Request.Path, context.Request.Method) = (_request.Scheme, _request.Host, _request.Path, _request.Method);
        foreach (var (name, value) in _headers) context.Request.Headers[name] = value;
        return (await context.AuthenticateAsync()).Succeeded;
    }
}
