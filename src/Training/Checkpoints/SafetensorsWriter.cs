using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Writes the safetensors format: the length of the header (64 bit, little-endian), the header (JSON: names, types, shapes, places and
/// a map of texts), then the bytes of all tensors. The header also gets the SHA-256 of those bytes, so that a file proves itself.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>The text in the header that holds the SHA-256 of everything behind the header.</summary>
    public const string DigestKey = "tracker.sha256";

    /// <summary>The header's length is padded to a multiple of this, so that the tensors are aligned.</summary>
    private const int Alignment = 8;

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">Names and values, in the order of the file; 32-bit floats and 64-bit integers.</param>
    /// <param name="metadata">The map of texts.</param>
    public static void Write(Stream stream, IReadOnlyList<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        using var scope = NewDisposeScope();
        var host = tensors.Select(t => (t.Name, Value: t.Value.detach().cpu().contiguous())).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, value) in host) hash.AppendData(value.bytes);
        var header = Header(host, metadata, Convert.ToHexStringLower(hash.GetHashAndReset()));

        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, value) in host) stream.Write(value.bytes);
    }

    private static byte[] Header(List<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata, string digest)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, text) in metadata) json.WriteString(key, text);
            json.WriteString(DigestKey, digest);
            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, value) in tensors)
            {
                var bytes = value.numel() * value.element_size();
                json.WriteStartObject(name);
                json.WriteString("dtype", TypeName(value.dtype));
                json.WriteStartArray("shape");
                foreach (var size in value.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset + bytes);
                json.WriteEndArray();
                json.WriteEndObject();
                offset += bytes;
            }
            json.WriteEndObject();
        }
        var padding = (Alignment - (int)buffer.Length % Alignment) % Alignment;
        return [.. buffer.ToArray(), .. Enumerable.Repeat((byte)' ', padding)];
    }

    /// <summary>The format's name of an element type.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="NotSupportedException">No tensor of a checkpoint has this type.</exception>
    internal static string TypeName(ScalarType type) => type switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.Int64 => "I64",
        _ => throw new NotSupportedException($"Tensors of type {type} are not written to checkpoints."),
    };
}
