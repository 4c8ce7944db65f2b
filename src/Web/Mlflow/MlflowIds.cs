using System.Globalization;
using Tracker.Domain;

namespace Tracker.Web.Mlflow;

/// <summary>Ids and states as MLflow writes them.</summary>
internal static class MlflowIds
{
    private const int RunDigits = 32;

    /// <summary>A run's id: 32 hexadecimal digits; shorter ones are decimal.</summary>
    public static long? Run(string text)
    {
        if (text.Length != RunDigits) return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) ? plain : null;
        return text.AsSpan(0, 16).ContainsAnyExcept('0') || !long.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) || id < 0 ? null : id;
    }

    /// <summary>A run's id as clients get it.</summary>
    public static string Run(long id) => id.ToString("x32", CultureInfo.InvariantCulture);

    public static long? Experiment(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public static string Experiment(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where an experiment's artifacts are.</summary>
    public static string ArtifactsOf(long experiment) => $"mlflow-artifacts:/{Experiment(experiment)}";

    /// <summary>Where a run's artifacts are.</summary>
    public static string ArtifactsOf(long experiment, long run) => $"{ArtifactsOf(experiment)}/{Run(run)}/artifacts";

    public static string Status(RunState state) => state switch
    {
        RunState.Starting or RunState.Running => "RUNNING",
        RunState.Succeeded => "FINISHED",
        RunState.Failed => "FAILED",
        RunState.Cancelled => "KILLED",
        _ => "SCHEDULED",
    };

    /// <summary>A state by MLflow's name or number.</summary>
    public static RunState State(string status) => status switch
    {
        "RUNNING" or "1" => RunState.Running,
        "SCHEDULED" or "2" => RunState.Paused,
        "FINISHED" or "3" => RunState.Succeeded,
        "FAILED" or "4" => RunState.Failed,
        "KILLED" or "5" => RunState.Cancelled,
        _ => throw MlflowRequest.Bad(status, "status"),
    };
}
