using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tracker.Training;

/// <summary>
/// A file of decoded images of one size, to be mapped into memory. All numbers are little-endian.
/// <list type="table">
/// <item><term>0</term><description>8 letters <c>TRKSHARD</c></description></item>
/// <item><term>8</term><description>32 bits each: version (1), images N, channels (3), rows H, columns W, classes</description></item>
/// <item><term>32</term><description>SHA-256 of everything from byte 64 on</description></item>
/// <item><term>64</term><description>N labels of 16 bits, then zeros up to the next multiple of 4096</description></item>
/// <item><term>then</term><description>N images of 3 × H × W bytes: red, green, blue, each row by row</description></item>
/// </list>
/// The images begin at the start of a page, so that 256 × 256 pixels take exactly 48 of them.
/// </summary>
public sealed class ImageShard : IDisposable
{
    /// <summary>Channels of an image.</summary>
    public const int Channels = 3;

    private const int Version = 1;
    private const int HeaderLength = 64;
    private const int HashPlace = 32;
    private const int Page = 4096;
    private static readonly byte[] s_magic = "TRKSHARD"u8.ToArray();

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly ShardPlan _plan;

    private ImageShard(string path, ShardPlan plan)
    {
        _plan = plan;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>Bytes of an image.</summary>
    public static int ImageLength(ShardLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return Channels * layout.Size * layout.Size;
    }

    /// <summary>Bytes of a whole shard.</summary>
    public static long Length(ShardPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return PixelPlace(plan) + (long)plan.Count * ImageLength(plan.Layout);
    }

    /// <summary>Writes a shard; under its name there is the whole of it or nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">What it is a part of.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="pixels">The images, one after the other.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Write(string path, ShardPlan plan, ReadOnlySpan<ushort> labels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(pixels);
        if (labels.Length != plan.Count || pixels.Length != plan.Count * ImageLength(plan.Layout))
            throw new ArgumentException($"{labels.Length} labels and {pixels.Length} bytes do not fit {plan}.", nameof(pixels));
        var front = new byte[PixelPlace(plan)];
        WriteHeader(front, plan);
        for (var i = 0; i < labels.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(front.AsSpan(HeaderLength + 2 * i), labels[i]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(front, HeaderLength, front.Length - HeaderLength);
        hash.AppendData(pixels);
        hash.GetHashAndReset().CopyTo(front, HashPlace);
        DurableFile.Write(path, file =>
        {
            file.Write(front);
            file.Write(pixels);
        });
    }

    /// <summary>Maps a shard into memory after a look at its length, header and labels; its pixels are not read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">What it must be.</param>
    /// <exception cref="DataException">It is missing or something else.</exception>
    public static ImageShard Open(string path, ShardPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        CheckLength(path, plan);
        var shard = new ImageShard(path, plan);
        try
        {
            shard.CheckHeader(path);
            return shard;
        }
        catch
        {
            shard.Dispose();
            throw;
        }
    }

    /// <summary>The labels.</summary>
    public ushort[] Labels()
    {
        var bytes = new byte[2 * _plan.Count];
        Read(HeaderLength, bytes);
        return MemoryMarshal.Cast<byte, ushort>(bytes).ToArray();
    }

    /// <summary>Copies an image out of the mapped file.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="pixels">Where to, (3, H, W).</param>
    public void CopyImage(int index, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _plan.Count);
        var length = ImageLength(_plan.Layout);
        Read(PixelPlace(_plan) + (long)index * length, pixels[..length]);
    }

    /// <summary>Brings an image into memory without copying it.</summary>
    /// <param name="index">Which one.</param>
    public void Touch(int index)
    {
        Span<byte> one = stackalloc byte[1];
        var start = PixelPlace(_plan) + (long)index * ImageLength(_plan.Layout);
        for (var offset = 0; offset < ImageLength(_plan.Layout); offset += Page) Read(start + offset, one);
    }

    /// <summary>Reads a whole shard and compares it with its checksum.</summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">What it must be.</param>
    /// <exception cref="DataException">It is missing, something else or damaged.</exception>
    public static void Verify(string path, ShardPlan plan)
    {
        Open(path, plan).Dispose();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        var header = new byte[HeaderLength];
        file.ReadExactly(header);
        var expected = Convert.ToHexStringLower(header.AsSpan(HashPlace, 32));
        var found = Convert.ToHexStringLower(SHA256.HashData(file));
        if (found != expected) throw new DataException(path, $"SHA-256 {expected} from byte {HeaderLength} on", found);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static int PixelPlace(ShardPlan plan) => (HeaderLength + 2 * plan.Count + Page - 1) / Page * Page;

    private static void WriteHeader(Span<byte> header, ShardPlan plan)
    {
        s_magic.CopyTo(header);
        int[] numbers = [Version, plan.Count, Channels, plan.Layout.Size, plan.Layout.Size, plan.Layout.Classes];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(header[(8 + 4 * i)..], numbers[i]);
    }

    private static void CheckLength(string path, ShardPlan plan)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new DataException(path, "a file", "none");
        if (file.Length != Length(plan)) throw new DataException(path, $"{Length(plan)} bytes", $"{file.Length}");
    }

    private void CheckHeader(string path)
    {
        var found = new byte[HashPlace];
        var expected = new byte[HashPlace];
        Read(0, found);
        WriteHeader(expected, _plan);
        if (!found.AsSpan(0, 8).SequenceEqual(s_magic)) throw new DataException(path, "the letters TRKSHARD at its start", "others");
        string[] names = ["version", "images", "channels", "rows", "columns", "classes"];
        for (var i = 0; i < names.Length; i++)
        {
            var (is_, must) = (BinaryPrimitives.ReadInt32LittleEndian(found.AsSpan(8 + 4 * i)), BinaryPrimitives.ReadInt32LittleEndian(expected.AsSpan(8 + 4 * i)));
            if (is_ != must) throw new DataException(path, $"{must} as {names[i]}", $"{is_}");
        }
        var labels = Labels();
        var wrong = Array.FindIndex(labels, l => l >= _plan.Layout.Classes);
        if (wrong >= 0) throw new DataException(path, $"labels from 0 to {_plan.Layout.Classes - 1}", $"{labels[wrong]} as label of image {wrong}");
    }

    private void Read(long offset, Span<byte> bytes) => _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)offset, bytes);
}
