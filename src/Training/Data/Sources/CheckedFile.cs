using System.IO.Compression;
using System.Security.Cryptography;

namespace Tracker.Training;

/// <summary>A checksum that was published with a file.</summary>
/// <param name="Algorithm">SHA-256, or MD5 where nothing better was published: against accidents, not against forgery.</param>
/// <param name="Digest">Lower-case hexadecimal digits.</param>
public sealed record FileChecksum(HashAlgorithmName Algorithm, string Digest)
{
    /// <summary>A SHA-256.</summary>
    public static FileChecksum Sha256(string digest) => new(HashAlgorithmName.SHA256, digest);

    /// <summary>An MD5.</summary>
    public static FileChecksum Md5(string digest) => new(HashAlgorithmName.MD5, digest);

    /// <summary>The algorithm as people write it.</summary>
    public string Title => Algorithm == HashAlgorithmName.SHA256 ? "SHA-256" : Algorithm.Name!;
}

/// <summary>Reads files whose length and checksum are known.</summary>
internal static class CheckedFile
{
    private const int Chunk = 1 << 16;

    /// <summary>Verifies a whole file and keeps a part of it.</summary>
    /// <param name="path">The file, compressed when its name ends in <c>.gz</c>.</param>
    /// <param name="length">Its length, uncompressed.</param>
    /// <param name="checksum">Its checksum, uncompressed.</param>
    /// <param name="headerLength">Bytes at the start that are not kept.</param>
    /// <param name="keep">How many of the bytes that follow to keep.</param>
    /// <param name="checkHeader">Looks at the header, as much of it as there is, before anything else is judged.</param>
    /// <exception cref="DataException">The file is missing, unreadable, too short, too long, or its checksum differs.</exception>
    public static byte[] Read(string path, long length, FileChecksum checksum, int headerLength, int keep, Action<ReadOnlySpan<byte>>? checkHeader = null)
    {
        var kept = new byte[keep];
        Read(path, length, checksum, headerLength, kept, checkHeader);
        return kept;
    }

    /// <summary>Verifies a whole file and keeps a part of it where the caller wants it.</summary>
    /// <param name="path">The file, compressed when its name ends in <c>.gz</c>.</param>
    /// <param name="length">Its length, uncompressed.</param>
    /// <param name="checksum">Its checksum, uncompressed.</param>
    /// <param name="headerLength">Bytes at the start that are not kept.</param>
    /// <param name="kept">Filled with the bytes that follow; of no use after an exception.</param>
    /// <param name="checkHeader">Looks at the header, as much of it as there is, before anything else is judged.</param>
    /// <exception cref="DataException">The file is missing, unreadable, too short, too long, or its checksum differs.</exception>
    public static void Read(string path, long length, FileChecksum checksum, int headerLength, Span<byte> kept, Action<ReadOnlySpan<byte>>? checkHeader = null)
    {
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = IsCompressed(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
            var header = new byte[headerLength];
            var count = (long)stream.ReadAtLeast(header, headerLength, throwOnEndOfStream: false);
            checkHeader?.Invoke(header.AsSpan(0, (int)count));
            count += stream.ReadAtLeast(kept, kept.Length, throwOnEndOfStream: false);
            using var hash = IncrementalHash.CreateHash(checksum.Algorithm);
            hash.AppendData(header);
            hash.AppendData(kept);
            CheckRest(stream, path, length, count, hash);
            var sum = Convert.ToHexStringLower(hash.GetHashAndReset());
            var of = IsCompressed(path) ? " of the uncompressed bytes" : "";
            if (sum != checksum.Digest) throw new DataException(path, $"{checksum.Title} {checksum.Digest}{of}", sum);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException(path, "a file", "none", e);
        }
        catch (InvalidDataException e)
        {
            throw new DataException(path, "an intact gzip file", $"damage ({e.Message.TrimEnd('.')})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, "a readable file", e.Message.TrimEnd('.'), e);
        }
    }

    private static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.Ordinal);

    private static void CheckRest(Stream stream, string path, long length, long count, IncrementalHash hash)
    {
        var expected = $"{length} bytes{(IsCompressed(path) ? " after decompression" : "")}";
        var rest = new byte[Chunk];
        while (stream.Read(rest) is var read and > 0)
        {
            hash.AppendData(rest, 0, read);
            count += read;
            if (count > length) throw new DataException(path, expected, "more");
        }
        if (count < length) throw new DataException(path, expected, $"{count}");
    }
}
