using System.Threading.Channels;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Reporting;

/// <summary>
/// Takes what a training loop reports and writes it to Postgres from a task of its own, every half second, every 10,000 points and
/// at every checkpoint, whichever comes first; the first step at once, since people wait for a sign of life. While Postgres is away training goes on and nothing is lost.
/// </summary>
internal sealed class DatabaseRunSink : IRunSink, IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);

    private readonly long _runId;
    private readonly int _attempt;
    private readonly IRunWriter _writer;
    private readonly Action<CheckpointInfo> _recorded;
    private readonly Action<Exception> _refused;
    private readonly DatabaseRetry _retry;
    private readonly FlushSpool _spool;
    private readonly FlushBuffer _buffer;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _abandoned = new();
    private readonly ITimer _timer;
    private readonly Task _loop;
    private volatile bool _completing;
    private bool _stepped;
    private bool _begun;

    /// <param name="started">The attempt that is trained.</param>
    /// <param name="writer">Where flushes go.</param>
    /// <param name="before">What must reach Postgres before the first flush.</param>
    /// <param name="recorded">Called when a checkpoint is recorded, so that older ones are no longer needed.</param>
    /// <param name="refused">Called once when nothing may or can be written any more: training must stop.</param>
    /// <param name="spoolPath">The local file for what memory should not hold.</param>
    /// <param name="limits">How much to hold.</param>
    /// <param name="clock">Time.</param>
    /// <param name="say">Where to tell people what goes on.</param>
    public DatabaseRunSink(
        StartedAttempt started, IRunWriter writer, Func<CancellationToken, Task> before, Action<CheckpointInfo> recorded, Action<Exception> refused,
        string spoolPath, FlushLimits limits, TimeProvider clock, Action<string> say)
    {
        (_runId, _attempt, _writer, _recorded, _refused) = (started.RunId, started.Attempt, writer, recorded, refused);
        _spool = new(spoolPath);
        _buffer = new(_spool, limits, Wake, say);
        _retry = new(clock, say, _buffer.SpoolExcess);
        _timer = clock.CreateTimer(_ => Wake(), state: null, s_period, s_period);
        _loop = Task.Run(() => LoopAsync(before));
    }

    public void Report(in MetricPoint point)
    {
        _buffer.Add(point);
        _stepped = _stepped || !MetricNames.IsOfSystem(point.Name);
    }

    public void Progress(RunProgress progress)
    {
        _buffer.Set(progress);
        if (_begun || !_stepped) return;
        _begun = true;
        Wake();
    }

    public void Checkpoint(CheckpointInfo checkpoint) => _buffer.Add(checkpoint);

    public void Event(EventLevel level, string message) => _buffer.Add(level, message);

    /// <summary>Waits until everything reported so far is recorded, however long Postgres is away.</summary>
    /// <exception cref="FencedException">A newer attempt exists.</exception>
    public Task CompleteAsync()
    {
        _completing = true;
        Wake();
        return _loop;
    }

    /// <summary>Ends the loop without waiting for what is not recorded.</summary>
    public async ValueTask DisposeAsync()
    {
        _buffer.Close();
        await _abandoned.CancelAsync();
        _completing = true;
        Wake();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _timer.DisposeAsync();
        _spool.Dispose();
        _abandoned.Dispose();
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task LoopAsync(Func<CancellationToken, Task> before)
    {
        try
        {
            await _retry.ExecuteAsync(before, _abandoned.Token);
            while (true)
            {
                await _wake.Reader.ReadAsync(_abandoned.Token);
                // Read before taking: what was reported before completion is then certainly taken.
                var last = _completing;
                while (_buffer.Take() is { } flush)
                {
                    await _retry.ExecuteAsync(token => _writer.FlushAsync(_runId, _attempt, flush, token), _abandoned.Token);
                    if (flush.Checkpoint is { } checkpoint) _recorded(checkpoint);
                    if (!last && !_buffer.HasSealed) break;
                }
                if (last) return;
            }
        }
        catch (Exception e) when (!_abandoned.IsCancellationRequested)
        {
            _buffer.Close();
            _refused(e);
            throw;
        }
    }
}
