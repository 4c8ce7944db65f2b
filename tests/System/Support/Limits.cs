namespace Tracker.System.Tests.Support;

/// <summary>How long tests wait before they fail with what they saw; generous, because machines are slow and shared.</summary>
internal static class Limits
{
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(45);
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Run = TimeSpan.FromSeconds(180);
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
}
