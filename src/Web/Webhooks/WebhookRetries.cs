namespace Tracker.Web.Webhooks;

/// <summary>When a delivery that failed is tried again: soon at first, then ever later, eight times over most of a day.</summary>
public static class WebhookRetries
{
    /// <summary>Tries of a delivery, and again of one that somebody asks for anew.</summary>
    public const int MostTries = 8;

    /// <summary>How much of a delay is chance, so that what failed together does not come again together.</summary>
    public const double Jitter = 0.2;

    /// <summary>A webhook to which nothing could be delivered for so long is paused.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    private static readonly TimeSpan[] s_delays =
    [
        TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(14),
    ];

    /// <summary>How long to wait after a try, or <see langword="null"/> when it was the last.</summary>
    /// <param name="tries">The tries so far, from 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan? After(int tries, double chance) => tries >= MostTries ? null : s_delays[tries - 1] * (1 + (Jitter * ((2 * chance) - 1)));
}
