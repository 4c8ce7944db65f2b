using Microsoft.Net.Http.Headers;

namespace Tracker.Web.Identity;

/// <summary>
/// Guards what a cookie may change against pages of other sites. Browsers state where a request comes from in
/// <c>Sec-Fetch-Site</c> or, on plain http, in <c>Origin</c>, and no page can forge either; a request that states neither does not
/// come from a browser, and has no cookie that another site could borrow. Requests with a bearer token need no guard: a browser
/// never adds one by itself.
/// </summary>
public static class SameOrigin
{
    public static bool Allows(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return true;
        if (BearerHandler.Applies(request) && !BearerHandler.AppliesBasic(request)) return true;
        if (request.Headers["Sec-Fetch-Site"] is [{ Length: > 0 } site, ..]) return site is "same-origin" or "none";
        if (request.Headers.Origin is not [{ Length: > 0 } origin, ..]) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && string.Equals(uri.Authority, WithoutDefaultPort(request), StringComparison.OrdinalIgnoreCase);
    }

    private static string WithoutDefaultPort(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Headers[HeaderNames.Host]}", UriKind.Absolute, out var uri) ? uri.Authority : "";
}
