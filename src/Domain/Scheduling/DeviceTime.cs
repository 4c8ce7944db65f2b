namespace Tracker.Domain;

/// <summary>Device time that users had: seconds times the part of the device, which count less the longer ago they were.</summary>
public static class DeviceTime
{
    /// <summary>How long it takes until device time counts half.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(1);

    /// <summary>What is left of device seconds after a while.</summary>
    /// <param name="seconds">Device seconds as they counted at <paramref name="from"/>.</param>
    /// <param name="from">The moment of which <paramref name="seconds"/> are.</param>
    /// <param name="to">The moment for which to tell them; before <paramref name="from"/> (clocks differ) they count in full.</param>
    public static double Decay(double seconds, DateTimeOffset from, DateTimeOffset to) => seconds * Remaining((to - from).TotalSeconds);

    /// <summary>The weight of device time after some seconds.</summary>
    internal static double Remaining(double secondsLater) =>
        secondsLater <= 0 ? 1 : Math.Pow(0.5, secondsLater / HalfLife.TotalSeconds);
}
