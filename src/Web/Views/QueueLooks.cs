using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>What pages say about a place in the queue.</summary>
public static class QueueLooks
{
    /// <summary>The reason in one or two words, for a badge.</summary>
    public static string Word(this QueueReason reason) => reason switch
    {
        QueueReason.Assigned => "Starting",
        QueueReason.NextSlot => "Next",
        QueueReason.Priority => "Priority",
        QueueReason.FairShare => "Fair share",
        QueueReason.EarlierSweep => "Earlier sweep",
        QueueReason.LongestFirst => "Longest first",
        QueueReason.SweepLimit => "Sweep’s limit",
        QueueReason.DeviceBusy => "Device busy",
        QueueReason.HeldBack => "Held back",
        QueueReason.NoHost => "No host",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Expected a reason."),
    };

    /// <summary>Class of the badge: what goes next, what is stuck, and the rest quietly.</summary>
    public static string Css(this QueueReason reason) => reason switch
    {
        QueueReason.Assigned or QueueReason.NextSlot => "next",
        QueueReason.NoHost => "stuck",
        QueueReason.HeldBack => "held",
        _ => "",
    };

    /// <summary>The next class of urgency, or null for the highest.</summary>
    public static Priority? Above(this Priority priority) => priority switch
    {
        Priority.Low => Priority.Normal,
        Priority.Normal => Priority.High,
        _ => null,
    };

    /// <summary>The next lower class, or null for the lowest.</summary>
    public static Priority? Below(this Priority priority) => priority switch
    {
        Priority.High => Priority.Normal,
        Priority.Normal => Priority.Low,
        _ => null,
    };
}
