using System.Globalization;
using System.Security.Cryptography;
using Tracker.Domain;

namespace Tracker.Jobs.Child;

/// <summary>The checkpoint files of one run: which can be used, and which are no longer needed.</summary>
/// <param name="directory">The run's directory.</param>
internal sealed class CheckpointFiles(string directory)
{
    private const string Prefix = "checkpoint-";
    private const string Suffix = ".safetensors";
    private const string Unfinished = ".tmp";

    /// <summary>The run's directory.</summary>
    public string Directory => directory;

    /// <summary>
    /// Finds the recorded checkpoint: where it was written, or under the same name in this host's own directory of the run.
    /// </summary>
    /// <param name="recorded">What the database says.</param>
    /// <param name="fault">Why it cannot be used, if it cannot.</param>
    /// <returns>The checkpoint with the path that it has here, or <see langword="null"/>.</returns>
    public CheckpointInfo? Find(CheckpointInfo recorded, out string? fault)
    {
        var path = new[] { recorded.Path, Path.Combine(directory, Path.GetFileName(recorded.Path)) }.FirstOrDefault(File.Exists);
        if (path is null)
        {
            fault = $"The checkpoint of step {recorded.Step} is not on this host: there is no file '{recorded.Path}'. The run starts from scratch.";
            return null;
        }
        fault = Check(path, recorded);
        return fault is null ? recorded with { Path = path } : null;
    }

    /// <summary>Deletes the checkpoints that a recorded one replaces: those of earlier steps, and others of the same step.</summary>
    public void DeleteReplacedBy(CheckpointInfo recorded)
    {
        var kept = Path.GetFileName(recorded.Path);
        Delete((step, name) => step <= recorded.Step && name != kept);
    }

    /// <summary>Deletes what a killed attempt left: unfinished files, and checkpoints that were never recorded.</summary>
    /// <param name="recorded">The recorded checkpoint, if there is one.</param>
    public void DeleteLeftovers(CheckpointInfo? recorded)
    {
        var kept = recorded is null ? null : Path.GetFileName(recorded.Path);
        Delete((_, name) => name != kept);
        foreach (var file in System.IO.Directory.EnumerateFiles(directory, $"{Prefix}*{Unfinished}")) File.Delete(file);
    }

    private void Delete(Func<long, string, bool> which)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(directory, $"{Prefix}*{Suffix}"))
        {
            var name = Path.GetFileName(file);
            // The step is followed by a remark when the run was stopped between a step and its evaluation.
            var step = name[Prefix.Length..^Suffix.Length].Split('-')[0];
            if (long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && which(number, name)) File.Delete(file);
        }
    }

    private static string? Check(string path, CheckpointInfo recorded)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length != recorded.Bytes)
                return $"The checkpoint '{path}' is damaged: expected {recorded.Bytes} bytes, found {file.Length}. The run starts from scratch.";
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
            return sha256 == recorded.Sha256
                ? null
                : $"The checkpoint '{path}' is damaged: expected SHA-256 {recorded.Sha256}, found {sha256}. The run starts from scratch.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The checkpoint '{path}' cannot be read: {e.Message} The run starts from scratch.";
        }
    }
}
