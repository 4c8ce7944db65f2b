using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Reporting;

/// <summary>
/// A local file that takes flushes, first in, first out, while Postgres is away. It serves one process: what a former process left
/// is deleted, because its run goes on from the last recorded checkpoint and reports everything after it again.
/// </summary>
internal sealed class FlushSpool : IDisposable
{
    private readonly string _path;
    private FileStream? _file;
    private long _readAt;

    /// <param name="path">The file; it exists only while it is needed.</param>
    public FlushSpool(string path)
    {
        _path = path;
        File.Delete(path);
    }

    /// <summary>Whether there is nothing to take.</summary>
    public bool IsEmpty => _file is null;

    /// <summary>Appends flushes: all of them or, when the disk refuses, none.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Append(IEnumerable<RunFlush> flushes)
    {
        _file ??= new FileStream(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        var end = _file.Length;
        try
        {
            _file.Position = end;
            using (var writer = new BinaryWriter(_file, System.Text.Encoding.UTF8, leaveOpen: true))
                foreach (var flush in flushes) Write(writer, flush);
            _file.Flush();
        }
        catch (IOException)
        {
            _file.SetLength(end);
            if (end == 0) Remove();
            throw;
        }
    }

    /// <summary>Takes the oldest flush; the file goes away with the last one.</summary>
    public RunFlush Take()
    {
        var file = _file ?? throw new InvalidOperationException("The spool is empty.");
        file.Position = _readAt;
        RunFlush flush;
        using (var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true)) flush = Read(reader);
        _readAt = file.Position;
        if (_readAt == file.Length) Remove();
        return flush;
    }

    public void Dispose()
    {
        if (_file is not null) Remove();
    }

    private void Remove()
    {
        _file!.Dispose();
        _file = null;
        _readAt = 0;
        File.Delete(_path);
    }

    private static void Write(BinaryWriter writer, RunFlush flush)
    {
        writer.Write(flush.Sequence);
        writer.Write(flush.Points.Count);
        foreach (var point in flush.Points)
        {
            writer.Write(point.Step);
            writer.Write(point.Epoch);
            writer.Write(point.Name);
            writer.Write(point.WallMs);
            writer.Write(point.Value);
        }
        writer.Write(flush.Checkpoint is not null);
        if (flush.Checkpoint is { } checkpoint)
        {
            writer.Write(checkpoint.Step);
            writer.Write(checkpoint.Path);
            writer.Write(checkpoint.Sha256);
            writer.Write(checkpoint.Bytes);
        }
        writer.Write(flush.Events.Count);
        foreach (var (level, message) in flush.Events)
        {
            writer.Write((int)level);
            writer.Write(message);
        }
    }

    private static RunFlush Read(BinaryReader reader)
    {
        var sequence = reader.ReadInt64();
        var points = new MetricPoint[reader.ReadInt32()];
        for (var i = 0; i < points.Length; i++)
            points[i] = new(reader.ReadInt64(), reader.ReadDouble(), string.Intern(reader.ReadString()), reader.ReadInt64(), reader.ReadDouble());
        var checkpoint = reader.ReadBoolean() ? new CheckpointInfo(reader.ReadInt64(), reader.ReadString(), reader.ReadString(), reader.ReadInt64()) : null;
        var events = new (EventLevel, string)[reader.ReadInt32()];
        for (var i = 0; i < events.Length; i++) events[i] = ((EventLevel)reader.ReadInt32(), reader.ReadString());
        return new(sequence, points, Progress: null, checkpoint, events);
    }
}
