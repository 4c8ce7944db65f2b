using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tracker.Web.Api;

/// <summary>Makes a safetensors file of some of another one's tensors: a header of its own, then their bytes where they lie.</summary>
public static class SafetensorsPart
{
    private const int LengthBytes = sizeof(long);
    private const int LargestHeader = 100_000_000;
    private const int Alignment = 8;
    private const string Metadata = "__metadata__";

    /// <summary>What the names of an optimizer's tensors begin with in checkpoints; all others are those of PyTorch's <c>state_dict</c>.</summary>
    private const string OptimizerPrefix = "optimizer.";

    /// <summary>The parameters and buffers of a checkpoint, without the optimizer's state and what else a training goes on from.</summary>
    /// <param name="checkpoint">The whole file; the part owns it from then on.</param>
    /// <param name="cancellationToken">Ends the reading of the header.</param>
    /// <exception cref="InvalidDataException">It is no safetensors file.</exception>
    public static async Task<Stream> WeightsAsync(FileStream checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var (header, dataStart) = await ReadHeaderAsync(checkpoint, cancellationToken);
        var kept = new JsonObject { [Metadata] = new JsonObject { ["format"] = "pt" } };
        var sections = new List<FileSection>();
        var offset = 0L;
        foreach (var (name, tensor, start, end) in Tensors(header, checkpoint.Length - dataStart).Where(t => !t.Name.StartsWith(OptimizerPrefix, StringComparison.Ordinal)).OrderBy(t => t.Start))
        {
            var length = end - start;
            kept[name] = new JsonObject
            {
                ["dtype"] = tensor["dtype"]!.DeepClone(), ["shape"] = tensor["shape"]!.DeepClone(), ["data_offsets"] = new JsonArray(offset, offset + length),
            };
            if (sections is [.., var last] && last.Start + last.Length == dataStart + start) sections[^1] = last with { Length = last.Length + length };
            else if (length > 0) sections.Add(new(dataStart + start, length));
            offset += length;
        }
        return new SectionedFile(Head(kept), checkpoint, sections);
    }

    private static async Task<(JsonObject Header, long DataStart)> ReadHeaderAsync(FileStream file, CancellationToken cancellationToken)
    {
        try
        {
            var length = new byte[LengthBytes];
            await file.ReadExactlyAsync(length, cancellationToken);
            var bytes = BinaryPrimitives.ReadInt64LittleEndian(length);
            if (bytes is < 2 or > LargestHeader || bytes > file.Length - LengthBytes) throw new InvalidDataException($"Its header has {bytes} bytes.");
            var header = new byte[bytes];
            await file.ReadExactlyAsync(header, cancellationToken);
            return (JsonNode.Parse(header) as JsonObject ?? throw new InvalidDataException("Its header is no object."), LengthBytes + bytes);
        }
        catch (Exception e) when (e is JsonException or EndOfStreamException)
        {
            throw new InvalidDataException("Its header cannot be read.", e);
        }
    }

    private static IEnumerable<(string Name, JsonNode Tensor, long Start, long End)> Tensors(JsonObject header, long dataBytes)
    {
        foreach (var (name, tensor) in header)
        {
            if (name == Metadata) continue;
            if (tensor is not JsonObject { } entry || entry["dtype"] is not JsonValue || entry["shape"] is not JsonArray || entry["data_offsets"] is not JsonArray { Count: 2 } offsets
                || offsets[0] is not JsonValue first || !first.TryGetValue<long>(out var start) || offsets[1] is not JsonValue second || !second.TryGetValue<long>(out var end)
                || start < 0 || end < start || end > dataBytes)
                throw new InvalidDataException($"Its header does not say where '{name}' lies.");
            yield return (name, tensor, start, end);
        }
    }

    /// <summary>Length and text of a header, padded so that the tensors are aligned.</summary>
    private static byte[] Head(JsonObject header)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        var padded = (text.Length + Alignment - 1) / Alignment * Alignment;
        var head = new byte[LengthBytes + padded];
        BinaryPrimitives.WriteInt64LittleEndian(head, padded);
        text.CopyTo(head, LengthBytes);
        head.AsSpan(LengthBytes + text.Length).Fill((byte)' ');
        return head;
    }
}
