namespace Tracker.Web.Mlflow;

/// <summary>Why a request of an MLflow client is refused.</summary>
/// <param name="code">One of <see cref="MlflowCodes"/>.</param>
/// <param name="message">What its user reads.</param>
public sealed class MlflowException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    public static MlflowException Invalid(string message) => new(MlflowCodes.InvalidParameterValue, message);

    public static MlflowException Missing(string parameter) => Invalid($"Missing value for required parameter '{parameter}'.");

    public static MlflowException NoRun(string id) => new(MlflowCodes.ResourceDoesNotExist, $"Run with id={id} not found");

    public static MlflowException NoExperiment(string id) => new(MlflowCodes.ResourceDoesNotExist, $"No Experiment with id={id} exists");
}

/// <summary>The codes of MLflow's errors that are used here; its clients know no others than MLflow's.</summary>
public static class MlflowCodes
{
    public const string InvalidParameterValue = "INVALID_PARAMETER_VALUE";
    public const string ResourceAlreadyExists = "RESOURCE_ALREADY_EXISTS";
    public const string BadRequest = "BAD_REQUEST";
    public const string ResourceDoesNotExist = "RESOURCE_DOES_NOT_EXIST";
    public const string EndpointNotFound = "ENDPOINT_NOT_FOUND";
    public const string PermissionDenied = "PERMISSION_DENIED";
    public const string Unauthenticated = "UNAUTHENTICATED";
    public const string ResourceConflict = "RESOURCE_CONFLICT";
    public const string RequestLimitExceeded = "REQUEST_LIMIT_EXCEEDED";
    public const string NotImplemented = "NOT_IMPLEMENTED";
    public const string TemporarilyUnavailable = "TEMPORARILY_UNAVAILABLE";
    public const string InternalError = "INTERNAL_ERROR";

    /// <summary>The status that goes with a code.</summary>
    public static int StatusOf(string code) => code switch
    {
        ResourceDoesNotExist or EndpointNotFound => StatusCodes.Status404NotFound,
        PermissionDenied => StatusCodes.Status403Forbidden,
        Unauthenticated => StatusCodes.Status401Unauthorized,
        ResourceConflict => StatusCodes.Status409Conflict,
        RequestLimitExceeded => StatusCodes.Status429TooManyRequests,
        NotImplemented => StatusCodes.Status501NotImplemented,
        TemporarilyUnavailable => StatusCodes.Status503ServiceUnavailable,
        InternalError => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };
}
