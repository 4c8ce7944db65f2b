using System.Text.Json;
using System.Text.Json.Nodes;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>What MLflow's clients report on their runs.</summary>
internal static class LogCalls
{
    /// <summary>More than a tag has: a run that logs a model each epoch tells of each.</summary>
    private const int MaxModelHistory = 256 * 1024;

    public static Task MetricAsync(MlflowCall call)
    {
        var request = call.Request;
        var metric = new LoggedMetric(
            request.Required("key"), request.Real("value") ?? throw MlflowException.Missing("value"),
            request.Whole("timestamp") ?? throw MlflowException.Missing("timestamp"), request.Whole("step") ?? 0);
        return LogAsync(call, new([metric], [], []));
    }

    public static Task ParameterAsync(MlflowCall call) =>
        LogAsync(call, new([], [KeyValuePair.Create(call.Request.Required("key"), call.Request.Text("value") ?? "")], []));

    public static Task SetTagAsync(MlflowCall call) =>
        LogAsync(call, new([], [], [KeyValuePair.Create(call.Request.Required("key"), call.Request.Text("value") ?? "")]));

    public static async Task DeleteTagAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        var key = call.Request.Required("key");
        if (!await call.Runs.DeleteTagAsync(id, key, call.Aborted))
        {
            throw await call.Runs.FindAsync(id, call.Aborted) is null
                ? MlflowException.NoRun(text)
                : new MlflowException(MlflowCodes.ResourceDoesNotExist, $"No tag with name: {key} in run with id {text}");
        }
        await MlflowAnswer.EmptyAsync(call.Context);
    }

    /// <summary>Most of what is reported; its body is read word by word.</summary>
    public static async Task BatchAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var bytes = await MlflowRequest.ReadBytesAsync(reader, context.RequestAborted);
        ReadBatch read;
        try
        {
            read = BatchReader.Read(bytes);
        }
        finally
        {
            reader.AdvanceTo(bytes.End);
        }
        if (string.IsNullOrEmpty(read.RunId)) throw MlflowException.Missing("run_id");
        MlflowLimits.Check(read.Batch);
        var id = MlflowIds.Run(read.RunId) ?? throw MlflowException.NoRun(read.RunId);
        var found = await context.RequestServices.GetRequiredService<ILoggedRuns>().LogAsync(id, read.Batch, context.RequestAborted);
        if (!found) throw MlflowException.NoRun(read.RunId);
        await MlflowAnswer.EmptyAsync(context);
    }

    public static async Task InputsAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        RefuseModels(call.Request);
        await call.DoneAsync(await call.Runs.LogAsync(id, new([], [], DatasetTags.Read(call.Request)), call.Aborted), text);
    }

    public static async Task OutputsAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        RefuseModels(call.Request);
        await call.DoneAsync(await call.Runs.FindAsync(id, call.Aborted) is not null, text);
    }

    /// <summary>What clients before MLflow 3 tell of a model that they have put among the artifacts.</summary>
    public static async Task ModelAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        var model = Model(call.Request.Required("model_json"));
        await call.DoneAsync(await call.Runs.ChangeTagAsync(id, RunTags.ModelHistory, former => Add(former, model), call.Aborted), text);
    }

    private static string Add(string? former, JsonObject model)
    {
        var history = former is null ? [] : Models(former);
        history.Add(model.DeepClone());
        var value = history.ToJsonString();
        return value.Length <= MaxModelHistory ? value
            : throw MlflowException.Invalid($"The models of this run take {value.Length} characters; at most {MaxModelHistory} are kept.");
    }

    /// <summary>Programs may set the tag to anything.</summary>
    private static JsonArray Models(string former)
    {
        try
        {
            var models = JsonNode.Parse(former) as JsonArray ?? throw NoModels(former);
            _ = models.ToJsonString();
            return models;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw NoModels(former);
        }
    }

    private static MlflowException NoModels(string former) =>
        MlflowException.Invalid($"The tag '{RunTags.ModelHistory}' of this run is no list of models: '{MlflowRequest.Short(former)}'. Delete it first.");

    private static JsonObject Model(string json)
    {
        try
        {
            var model = JsonNode.Parse(json) as JsonObject ?? throw MlflowRequest.Bad(json, "model_json");
            // It is read as far as it is looked at: only this finds escapes that are half a character.
            _ = model.ToJsonString();
            return model;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw MlflowRequest.Bad(json, "model_json");
        }
    }

    private static void RefuseModels(MlflowRequest request)
    {
        if (request.Objects("models").Any())
            throw new MlflowException(MlflowCodes.NotImplemented, "This server keeps no logged models. Log the model's files as artifacts.");
    }

    private static async Task LogAsync(MlflowCall call, LoggedBatch batch)
    {
        var (text, id) = call.RunId();
        MlflowLimits.Check(batch);
        await call.DoneAsync(await call.Runs.LogAsync(id, batch, call.Aborted), text);
    }
}
