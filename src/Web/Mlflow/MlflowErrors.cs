using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Mlflow;

/// <summary>
/// Turns whatever goes wrong into what MLflow's clients understand. They repeat what is answered with 500, 503 or 429 for minutes, so that no
/// fault of a request may be one of these.
/// </summary>
public static partial class MlflowErrors
{
    private const string RetryAfterSeconds = "2";

    /// <summary>Comes before authentication, whose look at the database may fail as well.</summary>
    public static void UseMlflowErrors(this WebApplication app) => app.UseWhen(context => MlflowPaths.Owns(context.Request), mlflow =>
    {
        mlflow.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = HandleAsync, SuppressDiagnosticsCallback = _ => true });
        mlflow.UseStatusCodePages(c => OfStatusAsync(c.HttpContext));
    });

    /// <summary>Answers with an error.</summary>
    public static Task WriteAsync(HttpContext context, string code, string message, int? status = null)
    {
        context.Response.StatusCode = status ?? MlflowCodes.StatusOf(code);
        return MlflowAnswer.WriteAsync(context, json =>
        {
            json.WriteString("error_code"u8, code);
            json.WriteString("message"u8, message);
        });
    }

    private static Task OfStatusAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        return status switch
        {
            StatusCodes.Status401Unauthorized => WriteAsync(context, MlflowCodes.Unauthenticated, BearerHandler.Applies(context.Request)
                ? "The token, or name and password, are not valid: unknown, expired, revoked or locked."
                : "Not signed in. Set MLFLOW_TRACKING_TOKEN to an API token, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD."),
            StatusCodes.Status403Forbidden => WriteAsync(context, MlflowCodes.PermissionDenied, Refusal(context)),
            StatusCodes.Status404NotFound => WriteAsync(context, MlflowCodes.EndpointNotFound, $"There is no endpoint {context.Request.Method} {context.Request.Path}."),
            StatusCodes.Status405MethodNotAllowed => WriteAsync(
                context, MlflowCodes.EndpointNotFound, $"There is no endpoint {context.Request.Method} {context.Request.Path}; it takes {context.Response.Headers.Allow}."),
            StatusCodes.Status429TooManyRequests => WriteAsync(context, MlflowCodes.RequestLimitExceeded, "Too many requests. Wait a little."),
            >= 500 => WriteAsync(context, MlflowCodes.InternalError, "Something went wrong.", status),
            _ => WriteAsync(context, MlflowCodes.BadRequest, "The request cannot be read.", status),
        };
    }

    private static string Refusal(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null) is { } policy
            ? Policies.Refusal(policy) : "Not allowed.";

    private static Task HandleAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()!.Error;
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Tracker.Web.Mlflow");
        switch (exception)
        {
            case MlflowException e:
                return WriteAsync(context, e.Code, e.Message);
            case ExperimentExistsException e:
                return WriteAsync(context, MlflowCodes.ResourceAlreadyExists, e.Message);
            case AccessDeniedException e:
                return WriteAsync(context, MlflowCodes.PermissionDenied, e.Message);
            case LogRefusedException or SpecificationException:
                return WriteAsync(context, MlflowCodes.InvalidParameterValue, exception.Message);
            case FilterException e:
                return WriteAsync(context, MlflowCodes.InvalidParameterValue, Explain(e));
            case JsonException e:
                return WriteAsync(context, MlflowCodes.BadRequest, e.Message);
            case BadHttpRequestException e:
                return WriteAsync(context, MlflowCodes.BadRequest, e.Message, e.StatusCode);
            case var _ when AccountsContext.IsOfDeletedUser(exception):
                return WriteAsync(context, MlflowCodes.PermissionDenied, "The account was deleted meanwhile.");
            case NoRoomException e:
                NoRoom(logger, context.Request.Path, e.InnerException!.Message);
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                return WriteAsync(context, MlflowCodes.TemporarilyUnavailable, e.Message);
            case var _ when TransientErrors.IsTransient(exception):
                Away(logger, context.Request.Path, exception.GetBaseException().Message);
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                return WriteAsync(context, MlflowCodes.TemporarilyUnavailable, "The database does not answer. Nothing was changed.");
            default:
                var traceId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
                Unforeseen(logger, exception, context.Request.Method, context.Request.Path, traceId);
                return WriteAsync(context, MlflowCodes.InternalError, $"Something went wrong; the fault is in the server's log under {traceId}.");
        }
    }

    private static string Explain(FilterException e) => e.Part switch
    {
        FilterPart.Filter => $"Invalid filter: {e.Message} (position {e.Position})",
        FilterPart.Order => $"Invalid order_by: {e.Message}",
        _ => "Invalid page_token: pass the one of the page before, with the same filter and order.",
    };

    [LoggerMessage(20, LogLevel.Warning, "The database does not answer ({Path}): {Reason}")]
    private static partial void Away(ILogger logger, string path, string reason);

    [LoggerMessage(22, LogLevel.Error, "An artifact cannot be kept ({Path}): {Reason}")]
    private static partial void NoRoom(ILogger logger, string path, string reason);

    [LoggerMessage(21, LogLevel.Error, "{Method} {Path} failed, trace {TraceId}")]
    private static partial void Unforeseen(ILogger logger, Exception exception, string method, string path, string traceId);
}
