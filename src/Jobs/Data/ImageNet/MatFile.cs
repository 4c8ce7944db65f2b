using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Tracker.Training;

namespace Tracker.Jobs.Data.ImageNet;

/// <summary>A variable of a MATLAB file: numbers, a text, or a structure array.</summary>
/// <param name="Name">Its name; empty within a structure.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record MatArray(string Name, int Count)
{
    /// <summary>The elements of a numeric array, by columns.</summary>
    public IReadOnlyList<double> Numbers { get; init; } = [];

    /// <summary>The characters of a text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The elements of a structure array.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, MatArray>> Elements { get; init; } = [];
}

/// <summary>
/// Reads MATLAB's level-5 files ("MATLAB 5.0 MAT-file", version 0x0100, as written by <c>save -v6</c> and <c>-v7</c>), as far as
/// ImageNet's <c>meta.mat</c> needs it: numeric and character arrays and structures of them; other arrays are skipped.
/// <para>
/// The file is a header of 128 bytes (text, then at 124 the version and the letters <c>IM</c> for little-endian or <c>MI</c>), then data
/// elements. An element is a tag of type and length (32 bits each) and the data, padded to a multiple of 8 bytes; up to 4 bytes of
/// data are stored in the tag itself, whose first word then holds length and type in its halves. Type 15 is another element compressed
/// by zlib, without padding. Type 14 is an array: flags (class in the lowest byte), dimensions, name, then the values; for a structure
/// the length of field names, the names, and for each element one array per field.
/// </para>
/// </summary>
internal sealed class MatFile
{
    private const int HeaderLength = 128;
    private const int Matrix = 14;
    private const int Compressed = 15;
    private const int StructureClass = 2;
    private const int CharacterClass = 4;
    private const int FirstNumericClass = 6;
    private const int LastNumericClass = 15;

    private readonly string _path;
    private readonly bool _bigEndian;

    private MatFile(string path, bool bigEndian) => (_path, _bigEndian) = (path, bigEndian);

    /// <summary>Reads all variables.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="bytes">Its content.</param>
    /// <exception cref="DataException">It is no such file, or damaged.</exception>
    public static IReadOnlyList<MatArray> Read(string path, byte[] bytes)
    {
        if (bytes.Length < HeaderLength) throw new DataException(path, $"a MATLAB header of {HeaderLength} bytes", $"{bytes.Length} bytes");
        var order = Encoding.ASCII.GetString(bytes, 126, 2);
        if (order is not ("IM" or "MI")) throw new DataException(path, "a MATLAB 5.0 file ('IM' or 'MI' at byte 126)", $"'{order}'");
        try
        {
            var file = new MatFile(path, order == "MI");
            var version = file.Half(bytes.AsSpan(124));
            if (version != 0x0100) throw new DataException(path, "version 0x0100 of the MATLAB format", $"0x{version:x4}");
            return file.ReadAll(bytes.AsMemory(HeaderLength));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidDataException or OverflowException)
        {
            throw new DataException(path, "an intact MATLAB file", "damage", e);
        }
    }

    private List<MatArray> ReadAll(ReadOnlyMemory<byte> bytes)
    {
        var arrays = new List<MatArray>();
        while (bytes.Length > 0)
        {
            var element = Next(ref bytes);
            if (element.Type == Compressed) arrays.AddRange(ReadAll(Inflate(element.Data)));
            else if (element.Type == Matrix && ReadArray(element.Data) is { } array) arrays.Add(array);
        }
        return arrays;
    }

    private static byte[] Inflate(ReadOnlyMemory<byte> data)
    {
        using var inflated = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        zlib.CopyTo(inflated);
        return inflated.ToArray();
    }

    private (int Type, ReadOnlyMemory<byte> Data) Next(ref ReadOnlyMemory<byte> bytes)
    {
        var word = Word(bytes.Span);
        if (word >> 16 is var small and > 0)
        {
            var (data, type) = (bytes.Slice(4, small), word & 0xffff);
            bytes = bytes[8..];
            return (type, data);
        }
        var length = Word(bytes.Span[4..]);
        var content = bytes.Slice(8, length);
        var padded = word == Compressed ? length : (length + 7) / 8 * 8;
        // The last element of a file may lack its padding.
        bytes = bytes[Math.Min(8 + padded, bytes.Length)..];
        return (word, content);
    }

    private MatArray? ReadArray(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == 0) return new("", 0);
        var kind = Word(Next(ref bytes).Data.Span) & 0xff;
        var count = Numbers(Next(ref bytes)).Aggregate(1, (product, size) => checked(product * (int)size));
        var name = Encoding.UTF8.GetString(Next(ref bytes).Data.Span);
        return kind switch
        {
            StructureClass => new(name, count) { Elements = ReadElements(bytes, count) },
            CharacterClass => new(name, count) { Text = string.Concat(Numbers(Next(ref bytes)).Select(c => (char)c)) },
            >= FirstNumericClass and <= LastNumericClass => new(name, count) { Numbers = Numbers(Next(ref bytes)) },
            _ => null,
        };
    }

    private List<IReadOnlyDictionary<string, MatArray>> ReadElements(ReadOnlyMemory<byte> bytes, int count)
    {
        var length = (int)Numbers(Next(ref bytes))[0];
        var names = Next(ref bytes).Data.ToArray().Chunk(length).Select(n => Encoding.ASCII.GetString(n).TrimEnd('\0')).ToList();
        var elements = new List<IReadOnlyDictionary<string, MatArray>>();
        for (var i = 0; i < count; i++)
        {
            var fields = new Dictionary<string, MatArray>();
            foreach (var name in names)
                if (ReadArray(Next(ref bytes).Data) is { } field) fields[name] = field;
            elements.Add(fields);
        }
        return elements;
    }

    /// <summary>Values of any storage type: MATLAB stores numbers in the smallest type that holds them all.</summary>
    private List<double> Numbers((int Type, ReadOnlyMemory<byte> Data) element)
    {
        var (size, read) = Storage(element.Type);
        var numbers = new List<double>(element.Data.Length / size);
        for (var at = 0; at + size <= element.Data.Length; at += size)
        {
            var value = element.Data.Slice(at, size).ToArray();
            if (_bigEndian) Array.Reverse(value);
            numbers.Add(read(value));
        }
        return numbers;
    }

    /// <summary>Size and little-endian reader of the storage types: 1 int8, 2 uint8 (16 UTF-8), 3 int16, 4 uint16 (17 UTF-16), 5 int32, 6 uint32, 7 single, 9 double, 12 int64, 13 uint64.</summary>
    private (int Size, Func<byte[], double> Read) Storage(int type) => type switch
    {
        1 => (1, b => (sbyte)b[0]),
        2 or 16 => (1, b => b[0]),
        3 => (2, b => BinaryPrimitives.ReadInt16LittleEndian(b)),
        4 or 17 => (2, b => BinaryPrimitives.ReadUInt16LittleEndian(b)),
        5 => (4, b => BinaryPrimitives.ReadInt32LittleEndian(b)),
        6 => (4, b => BinaryPrimitives.ReadUInt32LittleEndian(b)),
        7 => (4, b => BinaryPrimitives.ReadSingleLittleEndian(b)),
        9 => (8, b => BinaryPrimitives.ReadDoubleLittleEndian(b)),
        12 => (8, b => BinaryPrimitives.ReadInt64LittleEndian(b)),
        13 => (8, b => BinaryPrimitives.ReadUInt64LittleEndian(b)),
        _ => throw new DataException(_path, "numbers of a known storage type", $"type {type}"),
    };

    private int Word(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    private int Half(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
