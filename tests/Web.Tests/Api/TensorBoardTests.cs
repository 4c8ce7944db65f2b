using System.Buffers.Binary;
using System.Net;
using System.Text;
using Npgsql;
using Tracker.Storage;

namespace Tracker.Web.Tests.Api;

/// <summary>Event files, read back by a reader that shares nothing with what writes them.</summary>
public sealed class TensorBoardTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task A_run_becomes_an_event_file_with_all_its_series()
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Board")))).ShouldHaveSingleItem();
        await app.TrainAsync(run, await app.HostAsync(), 0.75);
        await using (var odd = app.Get<NpgsqlDataSource>().CreateCommand($"""
            INSERT INTO metric_names (name) VALUES ('Ω/{new string('x', 300)}');
            INSERT INTO metric_points SELECT {run}, id, s, 0, -5, v FROM metric_names, (VALUES (7, 'NaN'::double precision), (3000000000, '-Infinity')) AS p(s, v) WHERE name LIKE 'Ω%';
            SELECT summarise_series(ARRAY[{run}])
            """)) await odd.ExecuteNonQueryAsync();
        var started = (await app.Get<IRuns>().FindAsync(run, default))!.StartedAt!.Value.ToUnixTimeMilliseconds() / 1000.0;

        using var response = await app.Api.GetAsync($"/api/v1/runs/{run}/tensorboard");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"events.out.tfevents.{(long)started}.run-{run}");
        var events = Records(await response.Content.ReadAsByteArrayAsync()).Select(Event.Read).ToList();

        events[0].ShouldBe(new(started, 0, "brain.Event:2", null, null));
        events.Count.ShouldBe(1 + 100 + 1 + 2);
        events.Skip(1).ShouldAllBe(e => e.FileVersion == null);
        events[1].ShouldBe(new(started + 0.01, 1, null, "train/loss", 3));
        events[100].ShouldBe(new(started + 1, 100, null, "train/loss", 0.03f));
        events[101].ShouldBe(new(started + 1, 100, null, "validation/accuracy", 0.75f));
        events[102].ShouldBe(new(started - 0.005, 7, null, "Ω/" + new string('x', 300), float.NaN));
        events[103].ShouldBe(new(started - 0.005, 3_000_000_000, null, "Ω/" + new string('x', 300), float.NegativeInfinity));
    }

    [Fact]
    public async Task A_run_without_points_has_the_first_record_alone()
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Empty")))).ShouldHaveSingleItem();
        Records(await app.Api.GetByteArrayAsync($"/api/v1/runs/{run}/tensorboard")).Select(Event.Read).ShouldHaveSingleItem().FileVersion.ShouldBe("brain.Event:2");
        await (await app.Api.GetAsync("/api/v1/runs/987654/tensorboard")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public void The_checksum_of_the_tests_is_CRC_32C() => Crc("123456789"u8).ShouldBe(0xe3069283);

    /// <summary>The contents of TFRecords whose checksums are right.</summary>
    private static List<byte[]> Records(byte[] file)
    {
        var records = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Unmask(file.AsSpan(at + 8)).ShouldBe(Crc(file.AsSpan(at, 8)));
            var content = file.AsSpan(at + 12, length);
            Unmask(file.AsSpan(at + 12 + length)).ShouldBe(Crc(content));
            records.Add(content.ToArray());
            at += 12 + length + 4;
        }
        return records;
    }

    private static uint Unmask(ReadOnlySpan<byte> masked)
    {
        var turned = BinaryPrimitives.ReadUInt32LittleEndian(masked) - 0xa282ead8;
        return (turned >> 17) | (turned << 15);
    }

    /// <summary>Bit by bit, with the polynomial of Castagnoli.</summary>
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = 0xffffffffu;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82f63b78;
        }
        return ~crc;
    }

    private sealed record Event(double WallTime, long Step, string? FileVersion, string? Tag, float? Value)
    {
        public static Event Read(byte[] message)
        {
            var fields = Fields(message);
            var (tag, value) = ((string?)null, (float?)null);
            if (fields.TryGetValue(5, out var summary))
            {
                var of = Fields(Fields((byte[])summary)[1] as byte[] ?? []);
                (tag, value) = (Encoding.UTF8.GetString((byte[])of[1]), BitConverter.UInt32BitsToSingle((uint)of[2]));
            }
            return new(
                BitConverter.UInt64BitsToDouble((ulong)fields[1]), fields.TryGetValue(2, out var step) ? (long)step : 0,
                fields.TryGetValue(3, out var version) ? Encoding.UTF8.GetString((byte[])version) : null, tag, value);
        }

        /// <summary>The fields of a message by number: each comes once here.</summary>
        private static Dictionary<int, object> Fields(byte[] message)
        {
            var fields = new Dictionary<int, object>();
            for (var at = 0; at < message.Length;)
            {
                var key = Varint(message, ref at);
                object value;
                switch (key & 7)
                {
                    case 0: value = (long)Varint(message, ref at); break;
                    case 1: value = BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)); at += 8; break;
                    case 5: value = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)); at += 4; break;
                    case 2: var length = (int)Varint(message, ref at); value = message[at..(at + length)]; at += length; break;
                    default: throw new InvalidDataException($"Wire type {key & 7}.");
                }
                fields.Add((int)(key >> 3), value);
            }
            return fields;
        }

        private static ulong Varint(byte[] message, ref int at)
        {
            var value = 0ul;
            for (var shift = 0; ; shift += 7)
            {
                var b = message[at++];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80) return value;
            }
        }
    }
}
