using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Supervision;

/// <summary>
/// Writes what a child prints into its run's log, in batches. Holds a bounded number of lines while Postgres is away; the oldest give
/// way, and a line tells how many.
/// </summary>
internal sealed partial class RunLog : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);
    private const int LinesPerWrite = 1000;

    private readonly long _runId;
    private readonly int _attempt;
    private readonly IRunWriter _writer;
    private readonly DatabaseRetry _retry;
    private readonly TimeProvider _clock;
    private readonly Channel<LogLine> _lines;
    private readonly CancellationTokenSource _abandoned = new();
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;
    private readonly Lock _lock = new();
    private long _number;
    private long _dropped;

    public RunLog(StartedAttempt started, IRunWriter writer, DatabaseRetry retry, TimeProvider clock, ILogger logger, int capacity = 10_000)
    {
        (_runId, _attempt, _writer, _retry, _clock, _logger) = (started.RunId, started.Attempt, writer, retry, clock, logger);
        _lines = Channel.CreateBounded<LogLine>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Adds a line; never waits.</summary>
    public void Add(EventLevel level, string text)
    {
        lock (_lock) _lines.Writer.TryWrite(new(_attempt, ++_number, _clock.GetUtcNow(), level, text));
    }

    /// <summary>Waits until the last line is written, at most for <paramref name="limit"/>.</summary>
    public async Task CompleteAsync(TimeSpan limit)
    {
        _lines.Writer.TryComplete();
        _closing.TrySetResult();
        _abandoned.CancelAfter(limit);
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _abandoned.CancelAsync();
        await _loop;
        _abandoned.Dispose();
    }

    private async Task LoopAsync()
    {
        var batch = new List<LogLine>();
        try
        {
            while (await _lines.Reader.WaitToReadAsync(_abandoned.Token))
            {
                while (batch.Count < LinesPerWrite && _lines.Reader.TryRead(out var line)) batch.Add(line);
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped) batch.Insert(0, Gap(batch[0], dropped));
                await _retry.ExecuteAsync(token => _writer.AppendLogAsync(_runId, _attempt, batch, token), _abandoned.Token);
                batch = [];
                await Task.WhenAny(Task.Delay(s_period, _clock, _abandoned.Token), _closing.Task);
            }
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // The log is for people; what Postgres would not take in time is given up, and the attempt's end is recorded all the same.
        }
        catch (FencedException)
        {
            // A newer attempt writes the log from here on; the child learns the same by itself.
        }
        catch (Exception e)
        {
            LogRefused(_logger, e, _runId, _attempt);
        }
        finally
        {
            _lines.Writer.TryComplete();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of run {RunId}, attempt {Attempt} cannot be written any more.")]
    private static partial void LogRefused(ILogger logger, Exception exception, long runId, int attempt);

    /// <summary>Stands in the place of the line before the first kept one, whose number it takes.</summary>
    private static LogLine Gap(LogLine first, long dropped) =>
        new(first.Attempt, first.Line - 1, first.At, EventLevel.Warning, $"… {dropped} lines were dropped here, because Postgres was away for too long.");
}
