namespace Tracker.Domain;

/// <summary>Why a queued run stands where it stands: the one thing that would have to change first.</summary>
public enum QueueReason
{
    /// <summary>It has been given a device and is about to start.</summary>
    Assigned,

    /// <summary>It is the next of its device class: it starts when a slot is free.</summary>
    NextSlot,

    /// <summary>Runs of a higher class of urgency go first.</summary>
    Priority,

    /// <summary>Its owner has used more device time lately than those whose runs go first.</summary>
    FairShare,

    /// <summary>Earlier sweeps of the same owner go first.</summary>
    EarlierSweep,

    /// <summary>Longer runs of its sweep go first.</summary>
    LongestFirst,

    /// <summary>As many runs of its sweep train as its <c>maxParallel</c> allows.</summary>
    SweepLimit,

    /// <summary>It waits for a device that is empty, or has enough memory left.</summary>
    DeviceBusy,

    /// <summary>It is held back for a while after a crash.</summary>
    HeldBack,

    /// <summary>No present host can take it: none has such a device, that much memory, or its labels.</summary>
    NoHost,
}

/// <summary>A run's place in the queue.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Place">Its place, from 1: the order in which runs are expected to start. Those that no host can take come last.</param>
/// <param name="Reason">Why it stands there.</param>
/// <param name="Explanation">The same in one sentence for people, with the numbers that it rests on.</param>
/// <param name="Duration">How long it will take, if anything like it was measured.</param>
/// <param name="Starts">When it will start, if that can be told.</param>
/// <param name="Finishes">When it will be done, if that can be told.</param>
public sealed record QueuePlace(
    long RunId, int Place, QueueReason Reason, string Explanation, DurationEstimate? Duration, MomentEstimate? Starts, MomentEstimate? Finishes);
