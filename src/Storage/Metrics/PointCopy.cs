using System.Buffers;
using System.Buffers.Binary;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Metrics;

/// <summary>
/// Copies points of a run in Postgres' binary format, filled in here: a row is a few stores into a buffer instead of seven awaited calls.
/// </summary>
internal static class PointCopy
{
    private const short Fields = 6;
    private const int RowBytes = sizeof(short) + (Fields * sizeof(int)) + sizeof(long) + sizeof(short) + sizeof(long) + sizeof(float) + sizeof(long) + sizeof(double);
    private const int RowsAtOnce = 2000;

    /// <summary>Signature, flags, and the length of an extension that there is not.</summary>
    private static ReadOnlySpan<byte> Header =>
        [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Copies points, those of each metric together, so that they lie and are found beside each other.</summary>
    public static async Task WriteAsync(DbSession session, long runId, IReadOnlyList<MetricPoint> points, IReadOnlyDictionary<string, short> metricIds)
    {
        var order = Order(points, metricIds);
        var buffer = ArrayPool<byte>.Shared.Rent(Header.Length + (RowsAtOnce * RowBytes) + sizeof(short));
        try
        {
            await using var copy = await session.Connection.BeginRawBinaryCopyAsync(
                "COPY metric_points (run_id, metric_id, step, epoch, wall_ms, value) FROM STDIN (FORMAT BINARY)", session.CancellationToken);
            Header.CopyTo(buffer);
            var filled = Header.Length;
            for (var i = 0; i < order.Length; i++)
            {
                filled += Fill(buffer.AsSpan(filled, RowBytes), runId, (short)(order[i] >> 32), points[(int)(uint)order[i]]);
                if ((i + 1) % RowsAtOnce != 0) continue;
                await copy.WriteAsync(buffer.AsMemory(0, filled), session.CancellationToken);
                filled = 0;
            }
            BinaryPrimitives.WriteInt16BigEndian(buffer.AsSpan(filled), -1);
            await copy.WriteAsync(buffer.AsMemory(0, filled + sizeof(short)), session.CancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Metric and place of each point, sorted.</summary>
    private static long[] Order(IReadOnlyList<MetricPoint> points, IReadOnlyDictionary<string, short> metricIds)
    {
        var order = new long[points.Count];
        for (var i = 0; i < order.Length; i++) order[i] = ((long)metricIds[points[i].Name] << 32) | (uint)i;
        Array.Sort(order);
        return order;
    }

    private static int Fill(Span<byte> row, long runId, short metricId, in MetricPoint point)
    {
        BinaryPrimitives.WriteInt16BigEndian(row, Fields);
        var at = sizeof(short);
        at += Field(row[at..], runId);
        BinaryPrimitives.WriteInt32BigEndian(row[at..], sizeof(short));
        BinaryPrimitives.WriteInt16BigEndian(row[(at + sizeof(int))..], metricId);
        at += sizeof(int) + sizeof(short);
        at += Field(row[at..], point.Step);
        BinaryPrimitives.WriteInt32BigEndian(row[at..], sizeof(float));
        BinaryPrimitives.WriteSingleBigEndian(row[(at + sizeof(int))..], (float)point.Epoch);
        at += sizeof(int) + sizeof(float);
        at += Field(row[at..], point.WallMs);
        return at + Field(row[at..], BitConverter.DoubleToInt64Bits(point.Value));
    }

    private static int Field(Span<byte> target, long value)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(target[sizeof(int)..], value);
        return sizeof(int) + sizeof(long);
    }
}
