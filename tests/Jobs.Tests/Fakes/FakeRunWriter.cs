using System.Threading.Channels;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Tests.Fakes;

/// <summary>Keeps what is written, like the database: a flush counts once. Can be away, lose answers, and fence.</summary>
internal sealed class FakeRunWriter : IRunWriter
{
    private readonly Lock _lock = new();
    private readonly List<RunFlush> _applied = [];
    private readonly List<LogLine> _log = [];
    private readonly Channel<RunFlush> _flushes = Channel.CreateUnbounded<RunFlush>();
    private readonly Channel<LogLine> _lines = Channel.CreateUnbounded<LogLine>();
    private readonly Channel<bool> _failures = Channel.CreateUnbounded<bool>();

    /// <summary>Whether every write fails as when the server is gone.</summary>
    public bool Away { get; set; }

    /// <summary>How many of the next flushes are applied although their answer is lost.</summary>
    public int LostAnswers { get; set; }

    /// <summary>What the next writes throw.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>The flushes applied, in order.</summary>
    public IReadOnlyList<RunFlush> Applied
    {
        get
        {
            lock (_lock) return [.. _applied];
        }
    }

    public IReadOnlyList<MetricPoint> Points => [.. Applied.SelectMany(f => f.Points)];

    public IReadOnlyList<LogLine> Log
    {
        get
        {
            lock (_lock) return [.. _log];
        }
    }

    /// <summary>The next flush that is applied.</summary>
    public Task<RunFlush> NextAsync() => _flushes.Reader.ReadAsync().AsTask().WaitAsync(TestLimits.Wait);

    /// <summary>The next line that is logged.</summary>
    public Task<LogLine> NextLineAsync() => _lines.Reader.ReadAsync().AsTask().WaitAsync(TestLimits.Wait);

    /// <summary>The next write that fails.</summary>
    public Task NextFailureAsync() => _failures.Reader.ReadAsync().AsTask().WaitAsync(TestLimits.Wait);

    public Task FlushAsync(long runId, int attempt, RunFlush flush, CancellationToken cancellationToken)
    {
        Check();
        lock (_lock)
        {
            if (_applied.All(f => f.Sequence != flush.Sequence))
            {
                _applied.Add(flush);
                _flushes.Writer.TryWrite(flush);
            }
        }
        if (LostAnswers-- > 0) throw new NpgsqlException("Exception while reading from stream", new IOException("The answer was lost."));
        return Task.CompletedTask;
    }

    public Task AppendLogAsync(long runId, int attempt, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
    {
        Check();
        lock (_lock) _log.AddRange(lines);
        foreach (var line in lines) _lines.Writer.TryWrite(line);
        return Task.CompletedTask;
    }

    private void Check()
    {
        if (Refusal is { } refusal) throw refusal;
        if (!Away) return;
        _failures.Writer.TryWrite(true);
        throw new NpgsqlException("Failed to connect to 127.0.0.1:1", new System.Net.Sockets.SocketException(111));
    }
}
