using System.Threading.Channels;

namespace Tracker.Web.Live;

/// <summary>One subscriber's wish to be told; end it with <see cref="Dispose"/>.</summary>
public sealed class LiveSubscription : IDisposable
{
    // One pending nudge stands for any number of changes, so nothing can pile up here.
    private readonly Channel<bool> _pending = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _ended = new();
    private readonly Action<LiveSubscription> _remove;
    private bool _disposed;

    internal LiveSubscription(
        Func<CancellationToken, Task> changed, Func<TimeSpan> pace, TimeProvider clock, Action<Exception> failed, Action<LiveSubscription> remove)
    {
        _remove = remove;
        Completion = FollowAsync(changed, pace, clock, failed, _ended.Token);
    }

    /// <summary>Ends when the subscription has ended and no call is going on any more.</summary>
    public Task Completion { get; }

    /// <summary>Told that changes may have been missed.</summary>
    internal Action? Missed { get; init; }

    /// <summary>Asks for a call as if something had changed.</summary>
    public void Nudge() => _pending.Writer.TryWrite(true);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _remove(this);
        _pending.Writer.TryComplete();
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task FollowAsync(
        Func<CancellationToken, Task> changed, Func<TimeSpan> pace, TimeProvider clock, Action<Exception> failed, CancellationToken ended)
    {
        try
        {
            await foreach (var _ in _pending.Reader.ReadAllAsync(ended))
            {
                try
                {
                    await changed(ended);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !ended.IsCancellationRequested)
                {
                    failed(exception);
                }
                await Task.Delay(pace(), clock, ended);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: there is nobody to tell any more.
        }
    }
}
