using System.Net;
using System.Text.Json;

namespace Tracker.Cli.Api;

/// <summary>The server refused, or did not answer; the message is for people.</summary>
internal sealed class ApiException(string message, int exitCode, bool temporary, Exception? inner = null) : CommandException(message, exitCode, inner)
{
    private const string ProblemMedia = "application/problem+json";

    /// <summary>Whether the same request may succeed in a while.</summary>
    public bool Temporary => temporary;

    /// <summary>Whether any other request would fail likewise: nobody is signed in, or the server is away.</summary>
    public bool ConcernsAll => SignedOut || ExitCode == ExitCodes.Unavailable;

    private bool SignedOut { get; init; }

    public static ApiException NoAnswer(Uri server, string reason, Exception inner) =>
        new($"{server} does not answer: {reason}", ExitCodes.Unavailable, temporary: true, inner);

    /// <summary>Reads the problem that an answer tells of.</summary>
    public static async Task<ApiException> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var code = ExitCodeOf(response.StatusCode);
        var temporary = code == ExitCodes.Unavailable;
        var signedOut = response.StatusCode == HttpStatusCode.Unauthorized;
        var bare = $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd() + Hint(response);
        if (response.Content.Headers.ContentType?.MediaType != ProblemMedia) return new(bare, code, temporary) { SignedOut = signedOut };
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            var problem = await JsonSerializer.DeserializeAsync<ProblemReply>(content, Json.Options, cancellationToken);
            return new(problem is null ? bare : Describe(problem) + Hint(response), code, temporary) { SignedOut = signedOut };
        }
        catch (JsonException e)
        {
            return new(bare, code, temporary, e) { SignedOut = signedOut };
        }
    }

    private static int ExitCodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType => ExitCodes.Usage,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCodes.Denied,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ExitCodes.NotFound,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ExitCodes.Unavailable,
        _ => ExitCodes.Failed,
    };

    /// <summary>One line, or one for each field that has a fault.</summary>
    private static string Describe(ProblemReply problem)
    {
        var faults = problem.Errors?.SelectMany(e => e.Value.Select(message => e.Key.Length > 0 ? $"{e.Key}: {message}" : message)).ToList() ?? [];
        return faults switch
        {
            [] => string.IsNullOrEmpty(problem.Detail) ? problem.Title ?? "Refused" : $"{problem.Title}: {problem.Detail}",
            [var only] => only,
            _ => string.Join('\n', faults.Select(f => "  " + f).Prepend($"{problem.Title}:")),
        };
    }

    private static string Hint(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Unauthorized ? " 'tracker-cli login' signs in." : "";

    private sealed record ProblemReply(string? Title, string? Detail, Dictionary<string, string[]>? Errors);
}
