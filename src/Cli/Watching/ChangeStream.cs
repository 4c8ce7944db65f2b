using Tracker.Cli.Api;

namespace Tracker.Cli.Watching;

/// <summary>
/// Waits until it is worth looking at runs again: the server's stream of events wakes up, whatever it tells; and where there is no
/// such stream, or it has ended, time does.
/// </summary>
internal sealed class ChangeStream : IAsyncDisposable
{
    /// <summary>More ids make an address that proxies refuse.</summary>
    private const int MostRuns = 500;
    private static readonly TimeSpan s_withStream = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_without = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks, however much happens.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(300);
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly TimeProvider _clock;
    private readonly Task _listening;
    private volatile bool _isOpen;

    public ChangeStream(TrackerApi api, IReadOnlyList<long> runs, TimeProvider clock)
    {
        _clock = clock;
        _listening = runs.Count is 0 or > MostRuns ? Task.CompletedTask : ListenAsync(api, $"stream?runs={string.Join(',', runs)}", _end.Token);
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
            using var response = await api.OpenAsync(path, cancellationToken);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            _isOpen = true;
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("data:", StringComparison.Ordinal)) Wake();
            }
        }
        // A server without the stream, or one that ended it: time wakes up instead, and asks the server itself whether it is there.
        catch (Exception e) when (e is ApiException or HttpRequestException or IOException or OperationCanceledException)
        {
        }
        _isOpen = false;
        Wake();
    }

    private void Wake()
    {
        if (_news.CurrentCount == 0) _news.Release();
    }
}
