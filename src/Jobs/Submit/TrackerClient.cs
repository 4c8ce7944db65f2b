using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tracker.Jobs.Submit;

/// <summary>What went wrong with a request, for people.</summary>
internal sealed class TrackerRequestException(string message, bool temporary, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same request may succeed in a while.</summary>
    public bool Temporary { get; } = temporary;
}

/// <summary>The part of the REST interface that submitting and following a sweep needs.</summary>
internal sealed class TrackerClient : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private readonly HttpClient _http;

    public TrackerClient(Uri url, string token)
    {
        _http = new HttpClient { BaseAddress = new Uri(url, "/api/v1/"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <returns>The id of the new sweep.</returns>
    public async Task<long> SubmitAsync(string specification, CancellationToken cancellationToken)
    {
        using var body = new StringContent(specification, Encoding.UTF8, "application/json");
        return (await SendAsync<SweepReply>(HttpMethod.Post, "sweeps", body, cancellationToken)).Id;
    }

    /// <returns>All runs of the sweep, read in pages.</returns>
    public async Task<IReadOnlyList<RunLine>> RunsAsync(long sweep, CancellationToken cancellationToken)
    {
        var runs = new List<RunLine>();
        var path = $"sweeps/{sweep}/runs";
        var page = await SendAsync<RunsReply>(HttpMethod.Get, path, null, cancellationToken);
        runs.AddRange(page.Items);
        while (page.NextCursor is { } cursor)
        {
            page = await SendAsync<RunsReply>(HttpMethod.Get, $"{path}?cursor={cursor}", null, cancellationToken);
            runs.AddRange(page.Items);
        }
        return runs;
    }

    public Task<TableReply> TableAsync(int number, long sweep, CancellationToken cancellationToken) =>
        SendAsync<TableReply>(HttpMethod.Get, $"tables/{number}?sweep={sweep}", null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode) throw await RefusedAsync(response, cancellationToken);
            return await response.Content.ReadFromJsonAsync<T>(s_json, cancellationToken)
                ?? throw new TrackerRequestException($"{_http.BaseAddress}{path} answered with nothing.", temporary: false);
        }
        catch (HttpRequestException e)
        {
            throw new TrackerRequestException($"{_http.BaseAddress} does not answer: {e.Message}", temporary: true, e);
        }
        catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TrackerRequestException($"{_http.BaseAddress} does not answer within {_http.Timeout.TotalSeconds:0} s.", temporary: true, e);
        }
    }

    private static async Task<TrackerRequestException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var temporary = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return new($"{(int)response.StatusCode} {response.ReasonPhrase} from {response.RequestMessage?.RequestUri}", temporary);
        var problem = await response.Content.ReadFromJsonAsync<ProblemReply>(s_json, cancellationToken);
        var faults = problem?.Errors?.SelectMany(e => e.Value.Select(message => e.Key.Length > 0 ? $"{e.Key}: {message}" : message)).ToList() ?? [];
        return new(faults.Count > 0 ? string.Join(Environment.NewLine, faults) : $"{problem?.Title}: {problem?.Detail}", temporary);
    }

    private sealed record SweepReply(long Id);

    private sealed record RunsReply(IReadOnlyList<RunLine> Items, string? NextCursor);

    private sealed record ProblemReply(string? Title, string? Detail, Dictionary<string, string[]>? Errors);
}
