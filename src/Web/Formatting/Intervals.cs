using Tracker.Domain;

namespace Tracker.Web.Formatting;

/// <summary>Estimates in words, with the interval in which four of five fall.</summary>
public static class Intervals
{
    /// <summary>"8 to 20 m", "50 m to 2 h 6 m"; empty where both ends read alike.</summary>
    public static string Between(TimeSpan low, TimeSpan high)
    {
        var (from, to) = (Durations.Rough(low), Durations.Rough(high));
        if (from == to)
            return "";
        var unit = from.LastIndexOf(' ');
        return unit > 0 && from.Split(" ").Length == 2 && to.Split(" ").Length == 2 && to.EndsWith(from[unit..], StringComparison.Ordinal)
            ? $"{from[..unit]} to {to}"
            : $"{from} to {to}";
    }

    /// <summary>The expected length: "43 m".</summary>
    public static string Expected(this DurationEstimate estimate) => Durations.Rough(TimeSpan.FromSeconds(estimate.Seconds));

    /// <summary>Its interval: "30 m to 1 h 2 m".</summary>
    public static string Range(this DurationEstimate estimate) => Between(TimeSpan.FromSeconds(estimate.Low), TimeSpan.FromSeconds(estimate.High));

    /// <summary>Until the expected moment: "in 12 m", or "now".</summary>
    public static string Until(this MomentEstimate moment, DateTimeOffset now) =>
        moment.Expected - now < TimeSpan.FromSeconds(1) ? "now" : $"in {Durations.Rough(moment.Expected - now)}";

    /// <summary>The interval from now on: "8 to 20 m".</summary>
    public static string Range(this MomentEstimate moment, DateTimeOffset now) => Between(moment.Earliest - now, moment.Latest - now);

    /// <summary>The interval by the viewer's clock: "17:50 to 19:10"; empty where both ends read alike.</summary>
    public static string Range(this MomentEstimate moment, ViewerTime viewer)
    {
        var (from, to) = (viewer.At(moment.Earliest), viewer.At(moment.Latest));
        return from == to ? "" : $"{from} to {to}";
    }
}
