using System.Globalization;

namespace Tracker.Web.Formatting;

/// <summary>Times as the person in front of the page reads them: relative, or by the clock of their own time zone.</summary>
public sealed class ViewerTime(TimeZoneInfo zone, TimeProvider clock)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The viewer's zone by its IANA name; UTC where the browser sent none or an unknown one.</summary>
    public static ViewerTime In(string? zoneName, TimeProvider clock) =>
        new(zoneName is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out var zone) ? zone : TimeZoneInfo.Utc, clock);

    /// <summary>4 s ago, 3 m ago, 2 h ago, yesterday, 12 Mar, 12 Mar 2025.</summary>
    public string Ago(DateTimeOffset time)
    {
        var (now, then) = (Local(Now), Local(time));
        var past = now - then;
        if (past < TimeSpan.FromSeconds(1.5))
            return past < TimeSpan.FromSeconds(-1.5) ? $"in {Durations.Rough(-past)}" : "now";
        var days = (now.Date - then.Date).Days;
        if (past < TimeSpan.FromHours(12) || days == 0)
            return past.TotalSeconds switch
            {
                < 60 => $"{(int)past.TotalSeconds} s ago",
                < 3600 => $"{(int)past.TotalMinutes} m ago",
                _ => $"{(int)past.TotalHours} h ago",
            };
        return days switch
        {
            1 => "yesterday",
            < 7 => $"{days} d ago",
            _ => then.ToString(then.Year == now.Year ? "d MMM" : "d MMM yyyy", Culture),
        };
    }

    /// <summary>14:51 today, yesterday 14:51, 12 Mar 14:51 in other weeks.</summary>
    public string At(DateTimeOffset time)
    {
        var (now, then) = (Local(Now), Local(time));
        var hour = then.ToString("HH:mm", Culture);
        return (then.Date - now.Date).Days switch
        {
            0 => hour,
            -1 => "yesterday " + hour,
            1 => "tomorrow " + hour,
            _ => then.ToString(then.Year == now.Year ? "d MMM HH:mm" : "d MMM yyyy HH:mm", Culture),
        };
    }

    /// <summary>14:51:03.</summary>
    public string Seconds(DateTimeOffset time) => Local(time).ToString("HH:mm:ss", Culture);

    /// <summary>14:09:11.204.</summary>
    public string Milliseconds(DateTimeOffset time) => Local(time).ToString("HH:mm:ss.fff", Culture);

    /// <summary>The whole of it, for a hover: 12 March 2026, 14:51:03 (UTC+01:00).</summary>
    public string Absolute(DateTimeOffset time)
    {
        var local = Local(time);
        return local.ToString("d MMMM yyyy, HH:mm:ss", Culture) + (local.Offset == TimeSpan.Zero ? " (UTC)" : local.ToString(" '(UTC'zzz')'", Culture));
    }

    /// <summary>When a day begins where the viewer is.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new(midnight, zone.GetUtcOffset(midnight));
    }

    private DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone);
}
