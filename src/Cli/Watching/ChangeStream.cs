using Tracker.Cli.Api;

namespace Tracker.Cli.Watching;

/// <summary>
/// Waits until it is worth looking at runs again: the server's stream of events wakes up, whatever it tells; and where there is no
/// such stream, time does.
/// </summary>
internal sealed class ChangeStream : IAsyncDisposable
{
    /// <summary>The server follows no more at once; the first of a sweep are those that are trained first.</summary>
    private const int MostRuns = 200;
    private static readonly TimeSpan s_withStream = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_without = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks, however much happens.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(300);

    /// <summary>Before a stream is opened again: the server ends each after an hour, and all when it ends itself.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly TimeProvider _clock;
    private readonly Task _listening;
    private volatile bool _isOpen;

    public ChangeStream(TrackerApi api, IReadOnlyList<long> runs, TimeProvider clock)
    {
        _clock = clock;
        _listening = runs.Count == 0 ? Task.CompletedTask : ListenAsync(api, $"stream?runs={string.Join(',', runs.Take(MostRuns))}", _end.Token);
    }

    /// <summary>Returns when something has happened, or may have.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(s_shortest, _clock, cancellationToken);
        await _news.WaitAsync((_isOpen ? s_withStream : s_without) - s_shortest, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _listening;
        _end.Dispose();
        _news.Dispose();
    }

    private async Task ListenAsync(TrackerApi api, string path, CancellationToken cancellationToken)
    {
        try
        {
            while (await ReadAsync(api, path, cancellationToken)) await Task.Delay(s_pause, _clock, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits any more.
        }
    }

    /// <returns>Whether it may be worth trying again.</returns>
    private async Task<bool> ReadAsync(TrackerApi api, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await api.OpenAsync(path, cancellationToken);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            _isOpen = true;
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("data:", StringComparison.Ordinal)) Wake();
            }
            return true;
        }
        // Until it is open again time wakes up, and whoever it wakes asks the server itself whether it is there.
        catch (Exception e) when (e is HttpRequestException or IOException or ApiException { Temporary: true })
        {
            return true;
        }
        catch (ApiException)
        {
            return false;
        }
        finally
        {
            _isOpen = false;
            Wake();
        }
    }

    /// <summary>Only the listener does, so that the count is never more than one.</summary>
    private void Wake()
    {
        if (_news.CurrentCount == 0) _news.Release();
    }
}
