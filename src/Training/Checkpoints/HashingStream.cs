using System.Security.Cryptography;

namespace Tracker.Training;

/// <summary>Passes writes on and takes their SHA-256 on the way.</summary>
/// <param name="inner">Where writes go; stays open.</param>
internal sealed class HashingStream(Stream inner) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException("The position of this stream follows from what is written.");
    }

    /// <summary>SHA-256 of everything written, 64 lower-case hexadecimal digits.</summary>
    public string Digest => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        _hash.AppendData(buffer);
        _length += buffer.Length;
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream only writes.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream only appends.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream only appends.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }
}
