namespace Tracker.Storage;

/// <summary>Tags of runs from outside that the product gives a meaning beyond MLflow's.</summary>
public static class LoggedTags
{
    /// <summary>Who began the run, as its program says.</summary>
    public const string User = "mlflow.user";

    /// <summary>Begins the tags that each hold one data set of a run, as an object of JSON with <c>context</c> and <c>dataset</c>. No client sees them as tags.</summary>
    public const string DatasetPrefix = "mlflow.dataset:";
}
