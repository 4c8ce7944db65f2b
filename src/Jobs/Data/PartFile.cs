using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Tracker.Training;

namespace Tracker.Jobs.Data;

/// <summary>
/// The part of a file that has been received, beside the place where the whole will lie, with a note of where it came from.
/// </summary>
/// <param name="target">Where the whole file will lie.</param>
internal sealed class PartFile(string target)
{
    private const int Chunk = 1 << 20;

    private readonly string _part = target + ".part";
    private readonly string _origin = target + ".part.origin";

    private sealed record Origin(Uri Mirror, string? ETag, DateTimeOffset? LastModified);

    /// <summary>Bytes received.</summary>
    public long Length => new FileInfo(_part) is { Exists: true } file ? file.Length : 0;

    /// <summary>
    /// What makes a mirror send the rest only if its file is still the one that the part came from; <see langword="null"/> when it
    /// told nothing about it, or when the part came from another mirror. The checksum has the last word in any case.
    /// </summary>
    public RangeConditionHeaderValue? ConditionFor(Uri mirror)
    {
        if (ReadOrigin() is not { } origin || origin.Mirror != mirror) return null;
        if (origin.ETag is { } tag && EntityTagHeaderValue.TryParse(tag, out var parsed) && !parsed.IsWeak) return new(parsed);
        return origin.LastModified is { } modified ? new(modified) : null;
    }

    /// <summary>Opens the part for writing behind what is there, or from the start.</summary>
    public FileStream Open(Uri mirror, HttpResponseMessage response, bool append)
    {
        var origin = new Origin(mirror, response.Headers.ETag?.ToString(), response.Content.Headers.LastModified);
        if (!append) File.Delete(_part);
        File.WriteAllText(_origin, JsonSerializer.Serialize(origin));
        return new FileStream(_part, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Forgets what was received.</summary>
    public void Delete()
    {
        File.Delete(_part);
        File.Delete(_origin);
    }

    /// <summary>SHA-256 of what was received.</summary>
    public Task<string> Sha256Async(CancellationToken cancellationToken) => Sha256Async(_part, cancellationToken);

    /// <summary>SHA-256 of a file.</summary>
    public static async Task<string> Sha256Async(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Chunk, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    /// <summary>Gives the whole file its name.</summary>
    public void Complete()
    {
        DurableFile.MoveIntoPlace(_part, target);
        File.Delete(_origin);
    }

    private Origin? ReadOrigin()
    {
        if (!File.Exists(_origin)) return null;
        try
        {
            return JsonSerializer.Deserialize<Origin>(File.ReadAllText(_origin));
        }
        catch (JsonException)
        {
            // Cut off when the process was killed: then the part is continued without a condition.
            return null;
        }
    }
}
