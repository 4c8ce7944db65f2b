using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Polly.Timeout;

namespace Tracker.Cli.Api;

/// <summary>Requests to the REST interface, version 1.</summary>
internal sealed class TrackerApi : IDisposable
{
    private const string Prefix = "api/v1/";
    private const int PageLimit = 500;

    /// <summary>For one answer with all that is tried; a stream only has to begin within it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private readonly HttpClient _http;

    public TrackerApi(Uri server, string? token, HttpMessageHandler network, TimeProvider clock, Action<string, TimeSpan> tellRetry, Action<string>? trace)
    {
        Server = server;
        var traced = trace is null ? network : new Trace(network, clock, trace);
        _http = new HttpClient(new Retries(traced, clock, tellRetry)) { BaseAddress = new Uri(server, Prefix), Timeout = s_patience };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("tracker-cli", typeof(TrackerApi).Assembly.GetName().Version!.ToString(3)));
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Server { get; }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Get, path, null, null, cancellationToken) ?? throw new CommandException($"{path} was answered with nothing.", ExitCodes.Failed);

    /// <param name="body">JSON.</param>
    /// <param name="key">By this the server knows a request again that it has already carried out.</param>
    /// <returns>The document that the server answers, if it answers one.</returns>
    /// <exception cref="ApiException">The server refused or does not answer.</exception>
    public async Task<JsonElement?> SendAsync(HttpMethod method, string path, string? body, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Add(Retries.KeyHeader, key);
        using var response = await ExchangeAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (content.Length == 0) return null;
        try
        {
            return JsonElement.Parse(content);
        }
        catch (JsonException e)
        {
            throw new CommandException($"{new Uri(_http.BaseAddress!, path)} did not answer JSON. Is a tracker at {Server}?", ExitCodes.Failed, e);
        }
    }

    public async Task<JsonElement?> PostAsync(string path, CancellationToken cancellationToken) => await SendAsync(HttpMethod.Post, path, null, null, cancellationToken);

    /// <summary>The items of a list, page after page; at most <paramref name="limit"/> of them.</summary>
    public async IAsyncEnumerable<JsonElement> ItemsAsync(string path, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        var left = limit ?? int.MaxValue;
        do
        {
            var parameters = Query.Of(("limit", Math.Min(left, PageLimit)), ("cursor", cursor));
            var page = await GetAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" + parameters[1..] : parameters), cancellationToken);
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                yield return item;
                left--;
            }
            cursor = CursorOf(page);
        }
        while (cursor is not null && left > 0);
    }

    /// <summary>The runs of a sweep as one document, read in pages.</summary>
    public async Task<JsonElement> RunsOfAsync(long sweep, CancellationToken cancellationToken)
    {
        var all = new List<JsonElement>();
        await foreach (var run in ItemsAsync($"sweeps/{sweep}/runs", null, cancellationToken)) all.Add(run);
        return Json.Element(all);
    }

    private static string? CursorOf(JsonElement page) => page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;

    /// <summary>An answer of any size, whose content has not been read yet.</summary>
    /// <exception cref="ApiException">The server refused or does not answer.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await ExchangeAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.SendAsync(request, completion, cancellationToken);
            if (response.IsSuccessStatusCode) return response;
            using (response) throw await ApiException.OfAsync(response, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw ApiException.NoAnswer(Server, e.GetBaseException().Message, e);
        }
        catch (Exception e) when (e is TimeoutRejectedException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ApiException.NoAnswer(Server, "it takes too long", e);
        }
    }

    /// <summary>Tells of every request and its answer; never of what they contain, because one may be a token.</summary>
    private sealed class Trace(HttpMessageHandler inner, TimeProvider clock, Action<string> tell) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var start = clock.GetTimestamp();
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                tell($"{request.Method} {request.RequestUri} {(int)response.StatusCode} ({clock.GetElapsedTime(start).TotalMilliseconds:0} ms)");
                return response;
            }
            catch (HttpRequestException e)
            {
                tell($"{request.Method} {request.RequestUri} {e.GetBaseException().Message} ({clock.GetElapsedTime(start).TotalMilliseconds:0} ms)");
                throw;
            }
        }
    }
}
