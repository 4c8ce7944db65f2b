using System.Formats.Tar;
using System.IO.Compression;
using Tracker.Training;

namespace Tracker.Jobs.Data;

/// <summary>Takes files out of a .tar.gz. Names in the archive only select; where a file is written follows from the wanted name alone.</summary>
internal static class ArchiveUnpacker
{
    /// <summary>Writes the wanted members into a folder.</summary>
    /// <exception cref="DataException">The archive is damaged, or does not have every wanted file exactly once.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task UnpackAsync(
        string archive, IReadOnlyList<string> members, long totalBytes, string directory, IDataReport report, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var done = 0L;
        await using var file = File.OpenRead(archive);
        await using var tar = new TarReader(new GZipStream(file, CompressionMode.Decompress));
        while (await NextAsync(tar, archive, cancellationToken) is { } entry)
        {
            var name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !members.Contains(name) || entry.DataStream is not { } content) continue;
            if (!found.Add(name)) throw new DataException(archive, $"'{name}' once", "it twice");
            await WriteAsync(content, archive, Path.Combine(directory, name), cancellationToken);
            done += entry.Length;
            report.Advance(new($"{Path.GetFileName(archive)} unpacking", Math.Min(done, totalBytes), totalBytes));
        }
        if (members.Except(found).FirstOrDefault() is { } missing) throw new DataException(archive, $"'{missing}' in it", "no such file");
    }

    private static async Task<TarEntry?> NextAsync(TarReader tar, string archive, CancellationToken cancellationToken)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Damaged(archive, e);
        }
    }

    private static async Task WriteAsync(Stream content, string archive, string path, CancellationToken cancellationToken)
    {
        await using var output = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            await content.CopyToAsync(output, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(archive, e);
        }
    }

    private static DataException Damaged(string archive, Exception e) =>
        new(archive, "an intact .tar.gz archive", $"damage ({e.Message.TrimEnd('.')})", e);
}
