using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>A safetensors file in memory, verified against the SHA-256 in its header.</summary>
public sealed class SafetensorsReader
{
    private const long LargestHeader = 100_000_000;

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly int _dataStart;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads and verifies a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">SHA-256 of the file if it is known, 64 lower-case hexadecimal digits.</param>
    /// <exception cref="CheckpointException">The file is missing, truncated or damaged.</exception>
    public SafetensorsReader(string path, string? sha256 = null)
    {
        _path = path;
        _bytes = ReadAll(path);
        if (sha256 is not null) Expect($"SHA-256 {sha256}", sha256, Convert.ToHexStringLower(SHA256.HashData(_bytes)));

        if (_bytes.Length < sizeof(long)) throw Damage("a header", $"{_bytes.Length} bytes");
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(_bytes);
        if (headerLength is < 2 or > LargestHeader || headerLength > _bytes.Length - sizeof(long))
            throw Damage($"a header that fits into {_bytes.Length} bytes", $"one of {headerLength} bytes");
        _dataStart = sizeof(long) + (int)headerLength;
        Metadata = ReadHeader(_bytes.AsMemory(sizeof(long), (int)headerLength));

        if (!Metadata.TryGetValue(SafetensorsWriter.DigestKey, out var digest)) throw Damage($"'{SafetensorsWriter.DigestKey}' in the header", "none");
        Expect($"tensors with SHA-256 {digest}", digest, Convert.ToHexStringLower(SHA256.HashData(_bytes.AsSpan(_dataStart))));
    }

    /// <summary>The map of texts in the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Names of the tensors.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Copies one tensor of the file into a tensor of the same shape and type.</summary>
    /// <param name="name">The name.</param>
    /// <param name="target">Where to; may be a view.</param>
    /// <exception cref="CheckpointException">There is no such tensor, or its shape or type differ.</exception>
    public void CopyTo(string name, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!_entries.TryGetValue(name, out var entry)) throw Damage($"the tensor '{name}'", "none of this name");
        var expected = $"{SafetensorsWriter.TypeName(target.dtype)} [{string.Join(", ", target.shape)}]";
        var found = $"{entry.Type} [{string.Join(", ", entry.Shape)}]";
        if (found != expected) throw Damage($"'{name}' as {expected}", found);
        var data = _bytes.AsSpan(_dataStart + (int)entry.Start, (int)(entry.End - entry.Start));
        if (data.Length != target.numel() * target.element_size()) throw Damage($"{target.numel() * target.element_size()} bytes of '{name}'", $"{data.Length}");
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var host = empty(target.shape, dtype: target.dtype);
        data.CopyTo(host.bytes);
        target.copy_(host);
    }

    /// <summary>A text of the header.</summary>
    /// <param name="key">Its name.</param>
    /// <exception cref="CheckpointException">There is no such text.</exception>
    public string Text(string key) => Metadata.TryGetValue(key, out var text) ? text : throw Damage($"'{key}' in the header", "none");

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, "a readable file", e is FileNotFoundException or DirectoryNotFoundException ? "none" : e.Message.TrimEnd('.'), e);
        }
    }

    private Dictionary<string, string> ReadHeader(ReadOnlyMemory<byte> header)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(header);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                    foreach (var text in property.Value.EnumerateObject()) metadata[text.Name] = text.Value.GetString() ?? "";
                else
                    _entries[property.Name] = ReadEntry(property);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new CheckpointException(_path, "a readable header", $"damage ({e.Message.TrimEnd('.')})", e);
        }
        return metadata;
    }

    private Entry ReadEntry(JsonProperty property)
    {
        var offsets = property.Value.GetProperty("data_offsets");
        var entry = new Entry(
            property.Value.GetProperty("dtype").GetString() ?? "", [.. property.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64())],
            offsets[0].GetInt64(), offsets[1].GetInt64());
        if (entry.Start < 0 || entry.End < entry.Start || entry.End > _bytes.Length - _dataStart)
            throw Damage($"'{property.Name}' within {_bytes.Length - _dataStart} bytes", $"bytes {entry.Start} to {entry.End}");
        return entry;
    }

    private void Expect(string description, string expected, string found)
    {
        if (found != expected) throw Damage(description, found);
    }

    private CheckpointException Damage(string expected, string found) => new(_path, expected, found);

    private sealed record Entry(string Type, long[] Shape, long Start, long End);
}
