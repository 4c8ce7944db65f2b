using System.Diagnostics;
using System.Security.Claims;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Identity;
using Tracker.Web.Mlflow;

namespace Tracker.Web.Api;

/// <summary>Turns whatever goes wrong under <c>/api</c> into problem details. The text of an unforeseen exception goes to the log alone.</summary>
public static partial class ApiErrors
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Comes before authentication, whose look at the database may fail as well.</summary>
    public static void UseApiErrors(this WebApplication app) => app.UseWhen(IsApi, api =>
    {
        api.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = HandleAsync, SuppressDiagnosticsCallback = _ => true });
        api.UseStatusCodePages(c => Problem.Of(c.HttpContext.Response.StatusCode, BadToken(c.HttpContext) ?? Refusal(c.HttpContext)).ExecuteAsync(c.HttpContext));
    });

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments(AccountsSetup.ApiPath, StringComparison.Ordinal) && !MlflowPaths.Owns(context.Request);

    private static string? BadToken(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status401Unauthorized && BearerHandler.Applies(context.Request) ? BearerHandler.BadToken : null;

    /// <summary>What is said to those whose role is not enough for the endpoint.</summary>
    private static string? Refusal(HttpContext context) => context.Response.StatusCode == StatusCodes.Status403Forbidden
        && context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null) is { } policy
            ? context.User.FindFirstValue(AccountClaims.OwnerRole) is { } role && Policies.Allows(policy, role) ? Policies.TokenRefusal(policy) : Policies.Refusal(policy)
            : null;

    private static Task HandleAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()!.Error;
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Tracker.Web.Api");
        return Translate(context, exception, logger).ExecuteAsync(context);
    }

    private static ProblemHttpResult Translate(HttpContext context, Exception exception, ILogger logger)
    {
        switch (exception)
        {
            case SpecificationException e:
                return Problem.Invalid(e.Errors);
            case AccessDeniedException e:
                return Problem.Denied(e.Message);
            case PreconditionException e:
                return Problem.Changed(e.Message);
            case FilterException e:
                return Problem.Invalid(e);
            case BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } e:
                return Problem.Invalid([Explain(e)]);
            case BadHttpRequestException e:
                return Problem.Of(e.StatusCode, e.InnerException is null && e.StatusCode != StatusCodes.Status413PayloadTooLarge ? e.Message : null);
            case var _ when AccountsContext.IsOfDeletedUser(exception):
                return Problem.Denied("The account was deleted meanwhile.");
            case var _ when TransientErrors.IsTransient(exception):
                Away(logger, context.Request.Path, exception.GetBaseException().Message);
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problem.DatabaseAway();
            default:
                var traceId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
                Unforeseen(logger, exception, context.Request.Method, context.Request.Path, traceId);
                return Problem.Fault(traceId);
        }
    }

    /// <summary>The framework tells a parameter that it cannot read in a sentence with .NET types; people get theirs.</summary>
    private static SpecError Explain(BadHttpRequestException exception)
    {
        if (UnreadableParameter().Match(exception.Message) is { Success: true } bad)
            return new(JsonNamingPolicy.CamelCase.ConvertName(bad.Groups["name"].Value), $"Expected {Describe(bad.Groups["type"].Value)}, found '{bad.Groups["value"].Value}'.");
        if (MissingParameter().Match(exception.Message) is { Success: true } missing)
            return new(missing.Groups["name"].Value, "Required.");
        return new("", "The request cannot be read.");
    }

    private static string Describe(string type) => type.Replace("Nullable<", "", StringComparison.Ordinal).TrimEnd('>') switch
    {
        "int" or "long" => "a whole number",
        "double" => "a number",
        "bool" => "true or false",
        _ => "another value",
    };

    [GeneratedRegex("""^Failed to bind parameter "(?<type>.+) (?<name>\S+)" from "(?<value>.*)"\.$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex UnreadableParameter();

    [GeneratedRegex("""^Required parameter ".+ (?<name>\S+)" was not provided""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MissingParameter();

    [LoggerMessage(10, LogLevel.Warning, "The database does not answer ({Path}): {Reason}")]
    private static partial void Away(ILogger logger, string path, string reason);

    [LoggerMessage(11, LogLevel.Error, "{Method} {Path} failed, trace {TraceId}")]
    private static partial void Unforeseen(ILogger logger, Exception exception, string method, string path, string traceId);
}
