using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Tracker.Cli.Commands;

/// <summary>Writes an answer of any size into a file, which appears under its name only when it is whole.</summary>
internal static class Download
{
    public const string ToOutput = "-";

    /// <param name="target">A file, an existing folder, <c>-</c> for standard output, or nothing for the name that the server gives.</param>
    /// <param name="sha256">The content's hash, where it is known beforehand.</param>
    /// <returns>The file and its size; no file for standard output.</returns>
    public static async Task<(string? File, long Bytes)> SaveAsync(
        Session session, string path, string? target, string fallbackName, string? sha256, CancellationToken cancellationToken)
    {
        using var response = await session.Api.OpenAsync(path, cancellationToken);
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (target == ToOutput)
        {
            await using var output = session.Around.OpenOutput();
            return (null, await CopyAsync(content, output, sha256, cancellationToken));
        }
        var file = Path.GetFullPath(Resolve(target, response.Content.Headers.ContentDisposition, fallbackName));
        var part = $"{file}.{Path.GetRandomFileName()}.part";
        try
        {
            long bytes;
            await using (var output = new FileStream(part, FileMode.CreateNew, FileAccess.Write)) bytes = await CopyAsync(content, output, sha256, cancellationToken);
            File.Move(part, file, overwrite: true);
            return (file, bytes);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static string Resolve(string? target, ContentDispositionHeaderValue? disposition, string fallbackName)
    {
        if (target is not null && !Directory.Exists(target)) return target;
        // The server names a file, never a place for it.
        var name = Path.GetFileName((disposition?.FileNameStar ?? disposition?.FileName)?.Trim('"').Replace('\\', '/'));
        return Path.Combine(target ?? "", name is null or "" or "." or ".." || name.StartsWith('.') ? fallbackName : name);
    }

    private static async Task<long> CopyAsync(Stream content, Stream output, string? sha256, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        var total = 0L;
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (sha256 is not null) hash.AppendData(buffer, 0, read);
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            total += read;
        }
        await output.FlushAsync(cancellationToken);
        if (sha256 is not null && !Convert.ToHexStringLower(hash.GetCurrentHash()).Equals(sha256, StringComparison.OrdinalIgnoreCase))
            throw new CommandException($"What arrived is damaged: its SHA-256 is not {sha256}.", ExitCodes.Failed);
        return total;
    }
}
