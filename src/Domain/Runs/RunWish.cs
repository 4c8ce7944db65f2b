namespace Tracker.Domain;

/// <summary>What a user wants of a run that a host holds; the host carries it out.</summary>
public enum RunWish
{
    /// <summary>Go on.</summary>
    None,

    /// <summary>Write a checkpoint, leave the slot, hold.</summary>
    Pause,

    /// <summary>End now; keep what was recorded.</summary>
    Cancel,
}
