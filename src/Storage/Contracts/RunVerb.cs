namespace Tracker.Storage;

/// <summary>What can be done with many runs at once. Each does with every run what the method of that name in <see cref="IRuns"/> does with one.</summary>
public enum RunVerb
{
    /// <summary>Write a checkpoint, leave the slot, hold.</summary>
    Pause,

    /// <summary>Go on from the checkpoint.</summary>
    Resume,

    /// <summary>Finish what runs, start nothing.</summary>
    Stop,

    /// <summary>End now, keep what was recorded.</summary>
    Cancel,

    /// <summary>Queue what failed or was cancelled again, from the last checkpoint.</summary>
    Retry,

    /// <summary>Queue what failed or was cancelled again, from step 0.</summary>
    RetryFromScratch,
}
