using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Hosting;

namespace Tracker.Web.Api;

/// <summary>What a run leaves behind as files.</summary>
public static class RunFileEndpoints
{
    private const string Bytes = "application/octet-stream";
    private const string Text = "text/plain";
    private const string WholePart = "all";
    private const string WeightsPart = "weights";
    private const int LinesAtOnce = 2000;

    public static void MapRunFiles(this RouteGroupBuilder run)
    {
        run.MapGet("/checkpoints/{step:long}", CheckpointAsync).Invalid().Produces<Stream>(StatusCodes.Status200OK, Bytes);
        run.MapGet("/log.txt", LogAsync).Produces<string>(StatusCodes.Status200OK, Text);
    }

    /// <summary>Download a run's log</summary>
    /// <remarks>All of it, one line each: time, attempt, level, text.</remarks>
    public static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> LogAsync(long id, IRuns runs, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(id, cancellationToken) is null) return Problem.NotFound("run", id);
        return TypedResults.Stream(content => WriteAsync(content, id, runs, cancellationToken), TextType.Utf8(Text), $"run-{id}.log");
    }

    /// <summary>A line of a log as text.</summary>
    internal static string Line(LogLine line) => $"{line.At:yyyy-MM-ddTHH:mm:ss.fffZ} {line.Attempt} {line.Level.ToString().ToLowerInvariant()} {line.Text}\n";

    private static async Task WriteAsync(Stream content, long id, IRuns runs, CancellationToken cancellationToken)
    {
        // From before the first line on: 0, 0 would be the last lines.
        var (attempt, number) = (0, 1L);
        while (await runs.LogAsync(id, attempt, number, LinesAtOnce, cancellationToken) is { Count: > 0 } lines)
        {
            await content.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(Line))), cancellationToken);
            (attempt, number) = (lines[^1].Attempt, lines[^1].Line);
        }
    }

    /// <summary>Download a checkpoint</summary>
    /// <remarks>
    /// The weights and the optimizer's state as a safetensors file, parameters by their PyTorch names; with part=weights only what PyTorch's
    /// state_dict has. Only the last checkpoint of a run is kept, on the disk of the host that trains it: this works where the web process shares
    /// the host's data directory. Takes ranges; the ETag follows from the file's SHA-256.
    /// </remarks>
    /// <param name="step">Weight updates that it contains.</param>
    /// <param name="part">all, or weights.</param>
    public static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> CheckpointAsync(
        long id, long step, IRuns runs, CheckpointFolder folder, CancellationToken cancellationToken, string part = WholePart)
    {
        new Checks().Require(nameof(part), part is WholePart or WeightsPart, $"Expected {WholePart} or {WeightsPart}, found '{part}'.").Throw();
        if (await runs.FindAsync(id, cancellationToken) is not { } run) return Problem.NotFound("run", id);
        if (run.Checkpoint is not { } checkpoint || checkpoint.Step != step) return Problem.Of(StatusCodes.Status404NotFound, Missing(run, step));
        if (folder.Find(id, checkpoint) is not { } file || Open(file) is not { } content) return Problem.Of(StatusCodes.Status404NotFound, Elsewhere(run, checkpoint));
        var (stream, name, tag) = ((Stream)content, $"run-{id}-step-{step}", checkpoint.Sha256);
        if (part == WeightsPart)
        {
            if (await WeightsAsync(content, cancellationToken) is not { } weights) return Problem.Of(StatusCodes.Status404NotFound, Damaged(run, checkpoint));
            (stream, name, tag) = (weights, $"{name}-weights", $"{tag}-weights");
        }
        return TypedResults.Stream(
            stream, Bytes, $"{name}.safetensors", new DateTimeOffset(file.LastWriteTimeUtc), new EntityTagHeaderValue($"\"{tag}\""), enableRangeProcessing: true);
    }

    private static async Task<Stream?> WeightsAsync(FileStream checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await SafetensorsPart.WeightsAsync(checkpoint, cancellationToken);
        }
        catch (InvalidDataException)
        {
            await checkpoint.DisposeAsync();
            return null;
        }
    }

    // A host may replace the file at any time; one that is open stays readable.
    private static FileStream? Open(FileInfo file)
    {
        try
        {
            return file.Open(new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Missing(RunView run, long step) => run.Checkpoint is { } other
        ? $"Run {run.Id} has no checkpoint of step {step}; the one that is kept is of step {other.Step}."
        : $"Run {run.Id} has no checkpoint.";

    private static string Damaged(RunView run, CheckpointInfo checkpoint) => $"The file of checkpoint {checkpoint.Step} of run {run.Id} is damaged.";

    private static string Elsewhere(RunView run, CheckpointInfo checkpoint) =>
        $"The checkpoint is on the disk of {run.HostName ?? "another host"}, at '{checkpoint.Path}', which this server cannot read.";
}
