using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>Makes RFC 9457 problem details. The <c>type</c> of each kind stays the same for ever: clients branch on it.</summary>
public static class Problem
{
    public const string MediaType = "application/problem+json";
    private const string TypePrefix = "urn:tracker:problem:";

    public static ProblemHttpResult NotFound(string what, object id) =>
        Make(StatusCodes.Status404NotFound, "not-found", "Not found", $"There is no {what} {id}.");

    public static ProblemHttpResult Conflict(string detail) =>
        Make(StatusCodes.Status409Conflict, "conflict", "Not possible in the present state", detail);

    public static ProblemHttpResult CrossSite() => Make(
        StatusCodes.Status403Forbidden, "cross-site", "Refused for its origin",
        "The request comes from a page of another site. Use an API token for programs.");

    public static ProblemHttpResult Denied(string detail) => Make(StatusCodes.Status403Forbidden, "forbidden", "Not allowed", detail);

    public static ProblemHttpResult ReadOnlyToken() => Make(
        StatusCodes.Status403Forbidden, "read-only-token", "This token may only read", "Make a token with the scope write for what changes something.");

    public static ProblemHttpResult PasswordChangeRequired() => Make(
        StatusCodes.Status403Forbidden, "password-change-required", "The password has to be changed", "Somebody else knows the password. Open the sign-in page and choose another one.");

    public static ProblemHttpResult TooManyAttempts() => Make(
        StatusCodes.Status429TooManyRequests, "too-many-attempts", "Too many attempts to sign in", "Wait a minute, or use a token.");

    public static ProblemHttpResult LockedOut(string detail) => Make(StatusCodes.Status429TooManyRequests, "too-many-attempts", "Too many wrong passwords", detail);

    /// <summary>400 with the faults of each field; the fault of the document as a whole has an empty path.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyList<SpecError> errors) => TypedResults.Problem(new HttpValidationProblemDetails(
        errors.GroupBy(e => e.Path).ToDictionary(g => g.Key, g => g.Select(e => e.Message).Distinct().ToArray()))
    {
        Status = StatusCodes.Status400BadRequest, Type = TypePrefix + "invalid", Title = "The request has faults",
        Detail = errors.Count == 1 ? errors[0].ToString() : $"{errors.Count} faults; see errors.",
    });

    /// <summary>400 for a filter, an order or a cursor, with the place of the fault in what the client sent.</summary>
    public static ProblemHttpResult Invalid(FilterException fault)
    {
        var field = fault.Part switch { FilterPart.Order => "sort", FilterPart.Cursor => "cursor", _ => "filter" };
        var problem = Invalid([new SpecError(field, fault.Message)]);
        if (fault.Part != FilterPart.Cursor)
        {
            problem.ProblemDetails.Extensions["position"] = fault.Position;
            problem.ProblemDetails.Extensions["length"] = fault.Length;
        }
        return problem;
    }

    public static ProblemHttpResult Changed(string detail) => Make(StatusCodes.Status412PreconditionFailed, "changed", "Changed meanwhile", detail);

    public static ProblemHttpResult KeyRefused() => Make(
        StatusCodes.Status400BadRequest, "idempotency-key-refused", "No Idempotency-Key here", "The answer holds a secret and is not kept, so send the request without Idempotency-Key.");

    public static ProblemHttpResult KeyReused() => Make(
        StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "Another request had this key",
        "This Idempotency-Key came with another address or body within 24 hours. Make a new key for each request, and send it again only with the same one.");

    public static ProblemHttpResult KeyBusy() => Make(
        StatusCodes.Status409Conflict, "idempotency-key-busy", "This request is being carried out", "Send it again with its key for the answer.");

    public static ProblemHttpResult AnswerLost(string? changed) => Make(
        StatusCodes.Status409Conflict, "answer-lost", "Carried out, but the answer is lost",
        $"The server ended between the change{(changed is null ? "" : $" ({changed})")} and its answer. Nothing was done again: read what there is.");

    public static ProblemHttpResult TooMany(string detail) => Make(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests", detail);

    public static ProblemHttpResult TooSlow() => Make(
        StatusCodes.Status503ServiceUnavailable, "too-slow", "This took too long", "The answer was given up. Ask for less, or try again when the server is less busy.");

    public static ProblemHttpResult DatabaseAway() => Make(
        StatusCodes.Status503ServiceUnavailable, "database-away", "The database does not answer", "Nothing was changed. Try again in a few seconds.");

    public static ProblemHttpResult Fault(string traceId) => Make(
        StatusCodes.Status500InternalServerError, "internal", "Something went wrong",
        $"The fault is in the server's log under {traceId}.");

    /// <summary>The problem that a bare status stands for.</summary>
    public static ProblemHttpResult Of(int status, string? detail = null) => status switch
    {
        401 => Make(status, "unauthenticated", "Not signed in", detail ?? "Send 'Authorization: Bearer TOKEN', or sign in. Tokens are made under Settings or with POST /api/v1/tokens."),
        403 => Make(status, "forbidden", "Not allowed", detail ?? "This is for admins."),
        404 => Make(status, "not-found", "Not found", detail ?? "There is nothing at this address. The interface is described at /docs."),
        405 => Make(status, "method-not-allowed", "Method not allowed", detail ?? "This address does not take this method. See the Allow header."),
        406 => Make(status, "not-acceptable", "Not acceptable", detail ?? "The answer has none of the types in Accept."),
        413 => Make(status, "too-large", "Too large", detail ?? $"The body is larger than {RequestText.MaxBytes} bytes."),
        415 => Make(status, "unsupported-media-type", "Unsupported media type", detail ?? "Send the body as 'Content-Type: application/json'."),
        429 => TooMany(detail ?? "You send more requests than the server takes from one user, or too many at once. Wait as long as Retry-After says."),
        _ => Make(status, $"status-{status}", ReasonPhrases.GetReasonPhrase(status), detail),
    };

    private static ProblemHttpResult Make(int status, string type, string title, string? detail) =>
        TypedResults.Problem(new ProblemDetails { Status = status, Type = TypePrefix + type, Title = title, Detail = detail });
}
