namespace Tracker.Domain;

/// <summary>What happens to a run after a failed attempt.</summary>
/// <param name="Retry">Whether another attempt is made, from the last checkpoint.</param>
/// <param name="Delay">How long to wait before it.</param>
/// <param name="Quarantine">Whether the run is kept away from hosts until a user retries it.</param>
public readonly record struct RetryDecision(bool Retry, TimeSpan Delay = default, bool Quarantine = false);

/// <summary>
/// Decides on another attempt, by the kind of failure:
/// <list type="bullet">
/// <item><see cref="FailureKind.HostLost"/> and <see cref="FailureKind.DatabaseAway"/> are not the run's fault: again at once, without
/// counting as a try. Only a run on which hosts vanish several times in a row is suspected to be what ends them, and quarantined.</item>
/// <item><see cref="FailureKind.Killed"/> and <see cref="FailureKind.Crashed"/> may pass: again a few times in a row, waiting twice as long
/// each time. They are counted together, since one cause may show as either.</item>
/// <item><see cref="FailureKind.BadSpecification"/>, <see cref="FailureKind.BadData"/>, <see cref="FailureKind.OutOfMemory"/> and
/// <see cref="FailureKind.Diverged"/> would only happen again: never.</item>
/// </list>
/// "In a row" means without a checkpoint in between: a run that gets further starts to count anew.
/// </summary>
/// <param name="MaxCrashes">How many crashes in a row are followed by another attempt.</param>
/// <param name="FirstDelay">The wait after the first crash; it doubles with each further one.</param>
/// <param name="MaxDelay">The longest wait.</param>
/// <param name="MaxHostLosses">
/// With how many lost hosts in a row a run is quarantined. A machine that loses its power counts once against every run on it, guilty or
/// not, so it takes several, which are unlikely to happen by chance within the time between two checkpoints.
/// </param>
public sealed record RetryPolicy(int MaxCrashes, TimeSpan FirstDelay, TimeSpan MaxDelay, int MaxHostLosses = 3)
{
    /// <summary>Three crashes in a row, after 1, 2 and 4 seconds; the third lost host in a row quarantines.</summary>
    public static RetryPolicy Default { get; } = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>Decides after a failed attempt.</summary>
    /// <param name="kind">Why the attempt failed.</param>
    /// <param name="inARow">
    /// How often since the run last got further, this time included: crashes for <see cref="FailureKind.Killed"/> and
    /// <see cref="FailureKind.Crashed"/>, lost hosts for <see cref="FailureKind.HostLost"/>. Others do not count.
    /// </param>
    public RetryDecision After(FailureKind kind, int inARow) => kind switch
    {
        FailureKind.HostLost => inARow < MaxHostLosses ? new(Retry: true) : new(Retry: false, Quarantine: true),
        FailureKind.DatabaseAway => new(Retry: true),
        FailureKind.Killed or FailureKind.Crashed when inARow <= MaxCrashes => new(Retry: true, Delay(inARow)),
        _ => default,
    };

    private TimeSpan Delay(int crashes)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Max(0, crashes - 1));
        return delay < MaxDelay ? delay : MaxDelay;
    }
}
