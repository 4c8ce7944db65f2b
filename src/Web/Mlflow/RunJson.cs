using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>Writes experiments, runs and points as MLflow does.</summary>
internal static class RunJson
{
    public static void WriteExperiment(Utf8JsonWriter json, Experiment experiment)
    {
        json.WriteStartObject();
        json.WriteString("experiment_id"u8, MlflowIds.Experiment(experiment.Id));
        json.WriteString("name"u8, experiment.Name);
        json.WriteString("artifact_location"u8, MlflowIds.ArtifactsOf(experiment.Id));
        WriteStage(json, experiment.DeletedAt);
        json.WriteNumber("last_update_time"u8, experiment.ChangedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("creation_time"u8, experiment.CreatedAt.ToUnixTimeMilliseconds());
        WritePairs(json, "tags"u8, experiment.Tags);
        json.WriteEndObject();
    }

    public static void WriteRun(Utf8JsonWriter json, LoggedRun run)
    {
        json.WriteStartObject();
        json.WritePropertyName("info"u8);
        WriteInfo(json, run);
        json.WriteStartObject("data"u8);
        json.WriteStartArray("metrics"u8);
        foreach (var metric in run.Metrics) WriteMetric(json, metric);
        json.WriteEndArray();
        WritePairs(json, "params"u8, run.Parameters);
        WritePairs(json, "tags"u8, RunTags.Of(run));
        json.WriteEndObject();
        json.WriteStartObject("inputs"u8);
        DatasetTags.Write(json, run);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteInfo(Utf8JsonWriter json, LoggedRun run)
    {
        var id = MlflowIds.Run(run.Id);
        json.WriteStartObject();
        json.WriteString("run_id"u8, id);
        json.WriteString("run_uuid"u8, id);
        json.WriteString("run_name"u8, run.Name);
        json.WriteString("experiment_id"u8, MlflowIds.Experiment(run.ExperimentId));
        json.WriteString("user_id"u8, run.Owner ?? "");
        json.WriteString("status"u8, MlflowIds.Status(run.State));
        json.WriteNumber("start_time"u8, run.StartedAt.ToUnixTimeMilliseconds());
        if (run.FinishedAt is { } end) json.WriteNumber("end_time"u8, end.ToUnixTimeMilliseconds());
        json.WriteString("artifact_uri"u8, MlflowIds.ArtifactsOf(run.ExperimentId, run.Id));
        WriteStage(json, run.DeletedAt);
        json.WriteEndObject();
    }

    public static void WriteMetric(Utf8JsonWriter json, LoggedMetric metric, long? run = null)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, metric.Key);
        WriteValue(json, metric.Value);
        json.WriteNumber("timestamp"u8, metric.Timestamp);
        json.WriteNumber("step"u8, metric.Step);
        if (run is { } id) json.WriteString("run_id"u8, MlflowIds.Run(id));
        json.WriteEndObject();
    }

    /// <summary>JSON has no NaN and no infinity; clients take them as texts.</summary>
    public static void WriteValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber("value"u8, value);
        else json.WriteString("value"u8, double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
    }

    public static void WritePairs(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        json.WriteStartArray(name);
        foreach (var (key, value) in pairs)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, key);
            json.WriteString("value"u8, value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteStage(Utf8JsonWriter json, DateTimeOffset? deletedAt) => json.WriteString("lifecycle_stage"u8, deletedAt is null ? "active"u8 : "deleted"u8);
}
