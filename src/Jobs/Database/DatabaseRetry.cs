using Polly;
using Polly.Retry;

namespace Tracker.Jobs.Database;

/// <summary>
/// Repeats what Postgres could not do because it was away, for as long as that lasts: from 0.2 s between tries up to 5 s, each try
/// limited to 15 s. Says once that the database is away and once that it is back. Other faults pass through.
/// </summary>
internal sealed class DatabaseRetry
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_tryLimit = TimeSpan.FromSeconds(15);

    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private readonly Lock _lock = new();
    private long? _awaySince;

    /// <param name="clock">Time.</param>
    /// <param name="say">Where to tell that the database is away, and back.</param>
    /// <param name="onRetry">Called before each wait.</param>
    public DatabaseRetry(TimeProvider clock, Action<string> say, Action? onRetry = null)
    {
        _clock = clock;
        _say = say;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = s_firstDelay,
                MaxDelay = s_longestDelay,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } e && DatabaseFaults.IsTemporary(e)),
                OnRetry = arguments =>
                {
                    Away(arguments.Outcome.Exception!);
                    onRetry?.Invoke();
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(s_tryLimit)
            .Build();
    }

    /// <summary>Runs an action until it is done or fails for good.</summary>
    public async Task ExecuteAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        await _pipeline.ExecuteAsync(async token => await action(token), cancellationToken);
        Back();
    }

    /// <summary>Runs a function until it answers or fails for good.</summary>
    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> function, CancellationToken cancellationToken)
    {
        var result = await _pipeline.ExecuteAsync(async token => await function(token), cancellationToken);
        Back();
        return result;
    }

    private void Away(Exception exception)
    {
        lock (_lock)
        {
            if (_awaySince is not null) return;
            _awaySince = _clock.GetTimestamp();
        }
        _say($"Postgres is away ({DatabaseFaults.Reason(exception)}). Nothing is lost: what there is to record is kept until it is back.");
    }

    private void Back()
    {
        TimeSpan away;
        lock (_lock)
        {
            if (_awaySince is not { } since) return;
            away = _clock.GetElapsedTime(since);
            _awaySince = null;
        }
        _say($"Postgres is back after {away.TotalSeconds:0.0} s.");
    }
}
