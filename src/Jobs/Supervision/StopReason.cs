namespace Tracker.Jobs.Supervision;

/// <summary>Why a run has to leave its slot.</summary>
internal enum StopReason
{
    /// <summary>It need not.</summary>
    None,

    /// <summary>The host drains.</summary>
    Drain,

    /// <summary>A user wants it held.</summary>
    Pause,

    /// <summary>A user wants it ended.</summary>
    Cancel,

    /// <summary>Its attempt is over by the database: it must end on the spot, without a last checkpoint.</summary>
    Superseded,
}

/// <summary>The request to stop a run; a user's wish counts more than a draining host, and cancel more than pause.</summary>
internal sealed class StopRequest
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reason;

    /// <summary>The weightiest reason so far.</summary>
    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>Done when there is a reason.</summary>
    public Task Requested => _requested.Task;

    /// <summary>Done when the run must end on the spot.</summary>
    public Task Superseded => _superseded.Task;

    /// <summary>Asks the run to stop.</summary>
    public void Request(StopReason reason)
    {
        if (reason == StopReason.None) return;
        int before;
        do
        {
            before = Volatile.Read(ref _reason);
        }
        while (before < (int)reason && Interlocked.CompareExchange(ref _reason, (int)reason, before) != before);
        _requested.TrySetResult();
        if (reason == StopReason.Superseded) _superseded.TrySetResult();
    }
}
