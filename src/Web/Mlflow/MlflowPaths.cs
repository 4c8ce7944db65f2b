namespace Tracker.Web.Mlflow;

/// <summary>Where MLflow's interface lies.</summary>
public static class MlflowPaths
{
    /// <summary>Under which its clients ask.</summary>
    public const string Api = "/api/2.0";

    /// <summary>Under which its own pages ask; the same endpoints.</summary>
    public const string Ajax = "/ajax-api/2.0";

    /// <summary>Whether a request is answered as MLflow's clients expect: everything below /api that is not the product's own interface.</summary>
    public static bool Owns(HttpRequest request)
    {
        var path = request.Path;
        return path.StartsWithSegments("/ajax-api", StringComparison.Ordinal)
            || (path.StartsWithSegments("/api", StringComparison.Ordinal) && !path.StartsWithSegments("/api/v1", StringComparison.Ordinal));
    }
}
