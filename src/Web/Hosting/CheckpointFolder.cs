using System.Text.RegularExpressions;
using Tracker.Domain;

namespace Tracker.Web.Hosting;

/// <summary>
/// The checkpoints that this process can read: those of hosts with the same data directory. Of what a host has recorded only the file's
/// name counts, and that must be one that trainers write, so that nothing else can be had this way.
/// </summary>
public sealed partial class CheckpointFolder(Settings settings)
{
    /// <summary>The file of a checkpoint; <see langword="null"/> when it is not here, or is not the one that was recorded.</summary>
    public FileInfo? Find(long runId, CheckpointInfo recorded)
    {
        var name = Path.GetFileName(recorded.Path);
        if (!TrainersName().IsMatch(name)) return null;
        var file = new FileInfo(Path.Combine(settings.DataDirectory, "runs", $"{runId}", name));
        return file.Exists && file.LinkTarget is null && file.Length == recorded.Bytes ? file : null;
    }

    [GeneratedRegex("""^checkpoint-[0-9]+(-unevaluated)?\.safetensors\z""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TrainersName();
}
