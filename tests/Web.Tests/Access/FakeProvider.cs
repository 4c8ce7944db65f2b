using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tracker.Web.Tests.Access;

/// <summary>A small OAuth 2 provider on a port of its own, which checks what a real one checks: client, redirect, PKCE, one use of a code.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    public const string ClientId = "tracker-tests";
    public const string ClientSecret = "secret-of-the-client-9f2c";
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Challenge, string Redirect)> _codes = new(StringComparer.Ordinal);

    private FakeProvider(WebApplication app) => _app = app;

    /// <summary>What the provider says about whoever signs in next.</summary>
    public object Person { get; set; } = new { };

    /// <summary>Whether whoever signs in next says no.</summary>
    public bool Denies { get; set; }

    /// <summary>Whether its exchange of codes fails, and tells everything that it was sent.</summary>
    public bool Breaks { get; set; }

    /// <summary>All that nobody else may see: codes, verifiers, access tokens.</summary>
    public ConcurrentBag<string> Secrets { get; } = [ClientSecret];

    public Uri Address => new(_app.Urls.Single());

    public IEnumerable<(string Key, string Value)> Settings =>
    [
        ("TRACKER_OAUTH_NAME", "Example"), ("TRACKER_OAUTH_CLIENT_ID", ClientId), ("TRACKER_OAUTH_CLIENT_SECRET", ClientSecret),
        ("TRACKER_OAUTH_AUTHORIZE_URL", $"{Address}authorize"), ("TRACKER_OAUTH_TOKEN_URL", $"{Address}token"), ("TRACKER_OAUTH_USERINFO_URL", $"{Address}person"),
    ];

    public static async Task<FakeProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new FakeProvider(app);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.ExchangeAsync);
        app.MapGet("/person", provider.Tell);
        await app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        var (state, redirect) = (query["state"].ToString(), query["redirect_uri"].ToString());
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || state.Length == 0) return Results.BadRequest();
        if (Denies) return Results.Redirect($"{redirect}?error=access_denied&state={Uri.EscapeDataString(state)}");
        var code = Secret("code");
        _codes[code] = (query["code_challenge"].ToString(), redirect);
        return Results.Redirect($"{redirect}?code={code}&state={Uri.EscapeDataString(state)}");
    }

    private async Task<IResult> ExchangeAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        Secrets.Add(form["code_verifier"].ToString());
        if (Breaks) return Results.Json(new { error = "server_error", sent = string.Join('&', form.Select(f => $"{f.Key}={f.Value}")) }, statusCode: 500);
        var known = _codes.TryRemove(form["code"].ToString(), out var asked);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!known || asked.Challenge != challenge || asked.Redirect != form["redirect_uri"] || form["client_id"] != ClientId || form["client_secret"] != ClientSecret)
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        return Results.Json(new { access_token = Secret("access"), token_type = "Bearer" });
    }

    private IResult Tell(HttpRequest request) =>
        Secrets.Any(s => request.Headers.Authorization == $"Bearer {s}") ? Results.Json(Person) : Results.Unauthorized();

    private string Secret(string kind)
    {
        var secret = $"{kind}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}";
        Secrets.Add(secret);
        return secret;
    }
}
