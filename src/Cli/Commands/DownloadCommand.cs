using System.CommandLine;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>Files of a run.</summary>
internal static class DownloadCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<long>("id") { Description = "Id of a run." };
        var what = new Argument<string>("what") { Description = "checkpoint (the last one, as safetensors), weights (what of it PyTorch's state_dict has), tensorboard (event file), metrics (CSV) or log." };
        what.AcceptOnlyFromAmong("checkpoint", "weights", "tensorboard", "metrics", "log");
        var output = new Option<string?>("--output", "-o") { Description = "File or folder to write to; - is standard output. The server's name for it when left out.", HelpName = "FILE" };
        return shell.Command("download", "Download a file of a run.", [id, what, output], async (session, cancellationToken) =>
        {
            var (path, name, hash) = await SourceAsync(session, session.Get(id), session.Get(what), cancellationToken);
            var (file, bytes) = await Download.SaveAsync(session, path, session.Get(output), name, hash, cancellationToken);
            Tell(session, file, bytes);
        });
    }

    /// <summary>Says where a file lies now.</summary>
    public static void Tell(Session session, string? file, long bytes)
    {
        if (file is null) return;
        if (session.Printer.Json) session.Printer.Document(Json.Element(new { file, bytes }));
        else session.Printer.Line($"{Path.GetRelativePath(Environment.CurrentDirectory, file)}: {Format.Bytes(bytes)}");
    }

    private static async Task<(string Path, string Name, string? Sha256)> SourceAsync(Session session, long id, string what, CancellationToken cancellationToken)
    {
        switch (what)
        {
            case "tensorboard": return ($"runs/{id}/tensorboard", $"events.out.tfevents.run-{id}", null);
            case "log": return ($"runs/{id}/log.txt", $"run-{id}.log", null);
            case "metrics":
                // The file of points holds nothing of a run that is not there: that is told first.
                await session.Api.GetAsync($"runs/{id}", cancellationToken);
                return ($"metrics.csv{Query.Of(("filter", $"id = {id}"))}", $"run-{id}-metrics.csv", null);
            default:
                var run = (await session.Api.GetAsync($"runs/{id}", cancellationToken)).Read<RunReply>();
                var checkpoint = run.Checkpoint ?? throw new CommandException($"Run {id} has no checkpoint.", ExitCodes.NotFound);
                var (path, name) = ($"runs/{id}/checkpoints/{checkpoint.Step}", $"run-{id}-step-{checkpoint.Step}");
                return what == "weights" ? ($"{path}?part=weights", $"{name}-weights.safetensors", null) : (path, $"{name}.safetensors", checkpoint.Sha256);
        }
    }
}
