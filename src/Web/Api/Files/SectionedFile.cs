namespace Tracker.Web.Api;

/// <summary>Bytes of a file that follow each other.</summary>
/// <param name="Start">Where they begin.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct FileSection(long Start, long Length);

/// <summary>Bytes in memory, then sections of a file, as one stream that can be read from any place.</summary>
internal sealed class SectionedFile(byte[] head, FileStream file, IReadOnlyList<FileSection> sections) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = head.Length + sections.Sum(s => s.Length);

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = 0;
        if (Position < head.Length)
        {
            read = (int)Math.Min(buffer.Length, head.Length - Position);
            head.AsMemory((int)Position, read).CopyTo(buffer);
        }
        else if (Find(Position - head.Length) is { } rest)
        {
            read = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer[..(int)Math.Min(buffer.Length, rest.Length)], rest.Start, cancellationToken);
            if (read == 0 && buffer.Length > 0) throw new EndOfStreamException($"{file.Name} has become shorter.");
        }
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("This stream is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is only read.");

    public override async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What is left of the section at a place; <see langword="null"/> at the end.</summary>
    private FileSection? Find(long place)
    {
        foreach (var (start, length) in sections)
        {
            if (place < length) return new(start + place, length - place);
            place -= length;
        }
        return null;
    }
}
