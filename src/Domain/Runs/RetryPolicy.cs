namespace Tracker.Domain;

/// <summary>What happens to a run after a failed attempt.</summary>
/// <param name="Retry">Whether another attempt is made, from the last checkpoint.</param>
/// <param name="Delay">How long to wait before it.</param>
public readonly record struct RetryDecision(bool Retry, TimeSpan Delay);

/// <summary>
/// Decides on another attempt: a lost host is never the run's fault and costs no try; a crash is tried again a few times, waiting
/// longer each time; faults of specification, data, memory or arithmetic would only happen again.
/// </summary>
/// <param name="MaxCrashes">How many crashes in a row, without a checkpoint between them, are followed by another attempt.</param>
/// <param name="FirstDelay">The wait after the first crash; it doubles with each further one.</param>
/// <param name="MaxDelay">The longest wait.</param>
public sealed record RetryPolicy(int MaxCrashes, TimeSpan FirstDelay, TimeSpan MaxDelay)
{
    /// <summary>Three crashes without progress, after 1, 2 and 4 seconds.</summary>
    public static RetryPolicy Default { get; } = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>Decides after a failed attempt.</summary>
    /// <param name="kind">Why the attempt failed.</param>
    /// <param name="crashesInARow">Crashes since the run last got further, this one included; at least 1 for a crash.</param>
    public RetryDecision After(FailureKind kind, int crashesInARow) => kind switch
    {
        FailureKind.HostLost => new(true, TimeSpan.Zero),
        FailureKind.Crashed when crashesInARow <= MaxCrashes => new(true, Delay(crashesInARow)),
        _ => default,
    };

    private TimeSpan Delay(int crashes)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Max(0, crashes - 1));
        return delay < MaxDelay ? delay : MaxDelay;
    }
}
