using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Mlflow;

/// <summary>Artifacts for MLflow's clients: files that the server takes, lists and hands out.</summary>
internal static class ArtifactCalls
{
    /// <summary>Lists a folder by <c>path=EXPERIMENT/RUN/artifacts/…</c>; what it lists is named from that folder on.</summary>
    public static async Task ListAsync(MlflowCall call)
    {
        var path = ArtifactPath.Parse(call.Request.Required("path"));
        path = await OfRunAsync(call.Context, path, writing: false);
        var entries = call.Get<ArtifactStore>().List(path);
        await MlflowAnswer.WriteAsync(call.Context, json => WriteFiles(json, entries, ""));
    }

    /// <summary>Lists a folder of a run; what it lists is named from the run's artifacts on.</summary>
    public static async Task ListOfRunAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        var parts = ArtifactPath.Split(call.Request.Text("path") ?? "");
        var run = await call.Runs.FindAsync(id, call.Aborted) ?? throw MlflowException.NoRun(text);
        var entries = call.Get<ArtifactStore>().List(new(run.ExperimentId, text, id, parts));
        await MlflowAnswer.WriteAsync(call.Context, json =>
        {
            json.WriteString("root_uri"u8, MlflowIds.ArtifactsOf(run.ExperimentId, id));
            WriteFiles(json, entries, string.Concat(parts.Select(p => p + "/")));
        });
    }

    /// <summary>Takes a file.</summary>
    public static async Task UploadAsync(HttpContext context)
    {
        var (store, request) = (context.RequestServices.GetRequiredService<ArtifactStore>(), context.Request);
        var path = PathOf(context);
        await context.RequestServices.GetRequiredService<Access>().DemandAsync(Policies.Act, context.RequestAborted);
        path = await OfRunAsync(context, path, writing: true);
        var most = context.RequestServices.GetRequiredService<Hosting.Settings>().MaxArtifact;
        if (request.ContentLength > most) throw store.TooLarge();
        // The store itself counts; the server's own limit is for bodies that are kept in memory.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var bytes = await store.WriteAsync(path, request.Body, context.RequestAborted);
        await RecordAsync(context, "run.artifact", path, after: new { Path = string.Join('/', path.Parts), Bytes = bytes });
        await MlflowAnswer.EmptyAsync(context);
    }

    /// <summary>Hands a file out, as one to be saved: whatever it holds, no browser opens it as a page of ours.</summary>
    public static async Task DownloadAsync(HttpContext context)
    {
        var path = PathOf(context);
        path = await OfRunAsync(context, path, writing: false);
        var file = context.RequestServices.GetRequiredService<ArtifactStore>().Find(path) ?? throw NoArtifact(path);
        await TypedResults.PhysicalFile(file.FullName, "application/octet-stream", file.Name, new(file.LastWriteTimeUtc, TimeSpan.Zero), enableRangeProcessing: true).ExecuteAsync(context);
    }

    /// <summary>Deletes a file or a folder.</summary>
    public static async Task DeleteAsync(HttpContext context)
    {
        var path = PathOf(context);
        await context.RequestServices.GetRequiredService<Access>().DemandDeletionOfRunAsync(path.Run, context.RequestAborted);
        path = await OfRunAsync(context, path, writing: true);
        if (!context.RequestServices.GetRequiredService<ArtifactStore>().Delete(path)) throw NoArtifact(path);
        await RecordAsync(context, "run.artifact-delete", path, before: new { Path = string.Join('/', path.Parts) });
        await MlflowAnswer.EmptyAsync(context);
    }

    /// <summary>Sends clients that upload in parts back to one piece: they look for these very words.</summary>
    public static Task DeclineParts(HttpContext context) =>
        throw new MlflowException(MlflowCodes.NotImplemented, "Multipart upload is not supported for the current artifact repository: files are sent in one piece.");

    private static ArtifactPath PathOf(HttpContext context) => ArtifactPath.Parse(context.GetRouteValue("path") as string ?? "");

    /// <summary>
    /// Only a run that there is, in that experiment, has files; one in the recycle bin takes none. Programs go on with the address that they had
    /// when their run began, also when it was given to another sweep.
    /// </summary>
    private static async Task<ArtifactPath> OfRunAsync(HttpContext context, ArtifactPath path, bool writing)
    {
        var run = await context.RequestServices.GetRequiredService<ILoggedRuns>().FindAsync(path.Run, context.RequestAborted);
        if (run is null) throw MlflowException.NoRun(path.RunText);
        if (run.ExperimentId != path.Experiment && !await WasInAsync(context, path))
            throw MlflowException.Invalid($"Run {path.RunText} is not in experiment {path.Experiment}. Its artifacts lie under {MlflowIds.ArtifactsOf(run.ExperimentId, run.Id)}.");
        if (writing && run.DeletedAt is not null)
            throw MlflowException.Invalid($"The run {path.RunText} must be in the 'active' state. Current state is deleted.");
        return path with { Experiment = run.ExperimentId };
    }

    /// <summary>A run leaves an experiment only when that goes to the recycle bin; if the run had files by then, they still lie there.</summary>
    private static async Task<bool> WasInAsync(HttpContext context, ArtifactPath path) =>
        context.RequestServices.GetRequiredService<ArtifactStore>().Holds(path.Experiment, path.Run)
        || await context.RequestServices.GetRequiredService<IExperiments>().FindAsync(path.Experiment, context.RequestAborted) is { DeletedAt: not null };

    private static Task RecordAsync(HttpContext context, string action, ArtifactPath path, object? before = null, object? after = null) =>
        context.RequestServices.GetRequiredService<IAudit>().RecordAsync(new(action, "run", path.Run, Before: before, After: after), context.RequestAborted);

    private static MlflowException NoArtifact(ArtifactPath path) =>
        new(MlflowCodes.ResourceDoesNotExist, $"Run {path.RunText} has no artifact '{string.Join('/', path.Parts)}'.");

    private static void WriteFiles(Utf8JsonWriter json, IReadOnlyList<ArtifactEntry> entries, string prefix)
    {
        json.WriteStartArray("files"u8);
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, prefix + entry.Path);
            json.WriteBoolean("is_dir"u8, entry.Bytes is null);
            if (entry.Bytes is { } bytes) json.WriteNumber("file_size"u8, bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
