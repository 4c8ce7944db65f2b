using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace Tracker.Web.Api;

/// <summary>
/// Writes TensorBoard's event files: records of the TFRecord format (length, its checksum, content, its checksum), each a message
/// <c>Event</c> of the numbers below, which are TensorFlow's.
/// </summary>
/// <param name="stream">Where to; stays open.</param>
public sealed class EventFileWriter(Stream stream)
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>What readers expect in the first record.</summary>
    private const string Version = "brain.Event:2";

    // Event
    private const int WallTime = 1;
    private const int Step = 2;
    private const int FileVersion = 3;
    private const int Summary = 5;

    // Summary, Summary.Value
    private const int Value = 1;
    private const int Tag = 1;
    private const int SimpleValue = 2;

    private readonly ArrayBufferWriter<byte> _records = new(2 * FlushBytes);
    private byte[] _message = new byte[256];

    /// <summary>Writes the first record.</summary>
    /// <param name="wallTime">Seconds since 1970.</param>
    public void Begin(double wallTime)
    {
        using var message = new CodedOutputStream(_message);
        WriteTime(message, wallTime);
        message.WriteTag(FileVersion, WireFormat.WireType.LengthDelimited);
        message.WriteString(Version);
        Append(_message.AsSpan(0, (int)message.Position));
    }

    /// <summary>Writes a value of a series; TensorBoard has 32 bits for it.</summary>
    /// <param name="tag">The series.</param>
    /// <param name="step">Its step.</param>
    /// <param name="wallTime">Seconds since 1970.</param>
    /// <param name="value">The value; may be NaN or infinite.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public ValueTask WriteAsync(string tag, long step, double wallTime, double value, CancellationToken cancellationToken)
    {
        var valueBytes = 1 + CodedOutputStream.ComputeStringSize(tag) + 1 + sizeof(float);
        var summaryBytes = 1 + CodedOutputStream.ComputeLengthSize(valueBytes) + valueBytes;
        if (_message.Length < summaryBytes + 64) _message = new byte[summaryBytes + 64];
        using (var message = new CodedOutputStream(_message))
        {
            WriteTime(message, wallTime);
            message.WriteTag(Step, WireFormat.WireType.Varint);
            message.WriteInt64(step);
            message.WriteTag(Summary, WireFormat.WireType.LengthDelimited);
            message.WriteLength(summaryBytes);
            message.WriteTag(Value, WireFormat.WireType.LengthDelimited);
            message.WriteLength(valueBytes);
            message.WriteTag(Tag, WireFormat.WireType.LengthDelimited);
            message.WriteString(tag);
            message.WriteTag(SimpleValue, WireFormat.WireType.Fixed32);
            message.WriteFloat((float)value);
            Append(_message.AsSpan(0, (int)message.Position));
        }
        return _records.WrittenCount < FlushBytes ? ValueTask.CompletedTask : FlushAsync(cancellationToken);
    }

    /// <summary>Hands on what is left.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_records.WrittenMemory, cancellationToken);
        _records.ResetWrittenCount();
    }

    private static void WriteTime(CodedOutputStream message, double wallTime)
    {
        message.WriteTag(WallTime, WireFormat.WireType.Fixed64);
        message.WriteDouble(wallTime);
    }

    private void Append(ReadOnlySpan<byte> message)
    {
        const int Before = sizeof(ulong) + sizeof(uint);
        var record = _records.GetSpan(Before + message.Length + sizeof(uint));
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[sizeof(ulong)..], Checksum(record[..sizeof(ulong)]));
        message.CopyTo(record[Before..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[(Before + message.Length)..], Checksum(message));
        _records.Advance(Before + message.Length + sizeof(uint));
    }

    /// <summary>CRC-32C, turned and shifted so that a checksum of data with checksums in it stays one.</summary>
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var b in data) crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
