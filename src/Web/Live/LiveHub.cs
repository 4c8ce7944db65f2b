using System.Collections.Concurrent;
using Tracker.Storage;

namespace Tracker.Web.Live;

/// <summary>
/// Hands database changes to those who show them. A publisher never waits and never sees a subscriber's exception; a subscriber's
/// calls never overlap, and however many changes come, it is called at most once per <see cref="Pace"/>.
/// </summary>
public sealed partial class LiveHub(TimeProvider clock, ILogger<LiveHub> logger)
{
    /// <summary>Shortest time between two calls of a subscriber: four renderings a second.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    // So many pages are served at full pace: each update of one costs some milliseconds, and a core should be left for everything else.
    private const int FullPaceFor = 12;
    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<LiveSubscription, Func<Change, bool>> _subscriptions = new();

    /// <summary>Shortest time between two calls of a subscriber now: longer the more pages are open.</summary>
    public TimeSpan PresentPace => PaceFor(_subscriptions.Count);

    /// <summary>The pace that so many pages can have.</summary>
    internal static TimeSpan PaceFor(int pages)
    {
        var pace = Pace * Math.Max(1, (double)pages / FullPaceFor);
        return pace < s_slowest ? pace : s_slowest;
    }

    /// <summary>
    /// Called with each change, or with <see langword="null"/> when any may have been missed, before a subscriber is told: what it then asks for must not
    /// be older. Quick, never throws.
    /// </summary>
    internal Action<Change?>? BeforeTelling { get; set; }

    /// <summary>Tells all whom <paramref name="change"/> concerns.</summary>
    public void Publish(Change change)
    {
        BeforeTelling?.Invoke(change);
        foreach (var (subscription, concerns) in _subscriptions)
        {
            if (concerns(change))
                subscription.Nudge();
        }
    }

    /// <summary>Tells everyone, because changes may have been missed.</summary>
    public void PublishAll()
    {
        BeforeTelling?.Invoke(null);
        foreach (var (subscription, _) in _subscriptions)
        {
            subscription.Missed?.Invoke();
            subscription.Nudge();
        }
    }

    /// <summary>Calls <paramref name="changed"/> after changes that <paramref name="concerns"/> accepts, until the subscription is disposed.</summary>
    /// <param name="concerns">Runs on the publisher's thread: quick, pure, never throws.</param>
    /// <param name="changed">What to do; an exception is logged and does not end the subscription.</param>
    /// <param name="pace">Shortest time between two calls; <see cref="Pace"/> when not given.</param>
    public LiveSubscription Subscribe(Func<Change, bool> concerns, Func<CancellationToken, Task> changed, TimeSpan? pace = null) =>
        Subscribe(concerns, changed, () => pace ?? Pace);

    /// <inheritdoc cref="Subscribe(Func{Change, bool}, Func{CancellationToken, Task}, TimeSpan?)" />
    /// <param name="concerns">Runs on the publisher's thread: quick, pure, never throws.</param>
    /// <param name="changed">What to do; an exception is logged and does not end the subscription.</param>
    /// <param name="pace">Shortest time between two calls, asked after each.</param>
    /// <param name="missed">Told, before the call, that changes may have been missed; as quick as <paramref name="concerns"/>.</param>
    public LiveSubscription Subscribe(Func<Change, bool> concerns, Func<CancellationToken, Task> changed, Func<TimeSpan> pace, Action? missed = null)
    {
        var subscription = new LiveSubscription(changed, pace, clock, FailedToUpdate, ended => _subscriptions.TryRemove(ended, out _)) { Missed = missed };
        _subscriptions[subscription] = concerns;
        return subscription;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A page failed to follow a change.")]
    private partial void FailedToUpdate(Exception exception);
}
