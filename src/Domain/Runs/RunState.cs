namespace Tracker.Domain;

/// <summary>Where a run is in its life.</summary>
public enum RunState
{
    /// <summary>Waits for a free slot.</summary>
    Queued,

    /// <summary>A host has taken the run and starts its child process.</summary>
    Starting,

    /// <summary>The child process trains.</summary>
    Running,

    /// <summary>Held by a user's wish; its checkpoint is kept.</summary>
    Paused,

    /// <summary>Finished; its result is recorded.</summary>
    Succeeded,

    /// <summary>Ended without a result; the reason is recorded.</summary>
    Failed,

    /// <summary>Ended by a user's wish; what was recorded is kept.</summary>
    Cancelled,
}

/// <summary>The one table of allowed transitions between run states.</summary>
public static class RunTransitions
{
    private static readonly Dictionary<RunState, RunState[]> s_targets = new()
    {
        [RunState.Queued] = [RunState.Starting, RunState.Paused, RunState.Cancelled, RunState.Failed],
        [RunState.Starting] = [RunState.Running, RunState.Queued, RunState.Paused, RunState.Failed, RunState.Cancelled],
        [RunState.Running] = [RunState.Succeeded, RunState.Failed, RunState.Cancelled, RunState.Paused, RunState.Queued],
        [RunState.Paused] = [RunState.Queued, RunState.Cancelled],
        [RunState.Succeeded] = [],
        [RunState.Failed] = [RunState.Queued],
        [RunState.Cancelled] = [RunState.Queued],
    };

    /// <summary>The states that may follow <paramref name="state"/>.</summary>
    /// <param name="state">The present state.</param>
    public static IReadOnlyList<RunState> TargetsOf(RunState state) => s_targets[state];

    /// <summary>The states from which <paramref name="state"/> may be entered: the guard of an update.</summary>
    /// <param name="state">The state to enter.</param>
    public static IReadOnlyList<RunState> SourcesOf(RunState state) => [.. s_targets.Where(t => t.Value.Contains(state)).Select(t => t.Key)];

    /// <summary>Whether a run may go from one state to another.</summary>
    /// <param name="from">The present state.</param>
    /// <param name="to">The state to enter.</param>
    public static bool IsAllowed(RunState from, RunState to) => s_targets[from].Contains(to);

    /// <summary>Whether the run is over: no attempt is going on and none will start by itself.</summary>
    /// <param name="state">The state to judge.</param>
    public static bool IsFinal(this RunState state) => state is RunState.Succeeded or RunState.Failed or RunState.Cancelled;

    /// <summary>Whether a host holds a slot for the run.</summary>
    /// <param name="state">The state to judge.</param>
    public static bool IsActive(this RunState state) => state is RunState.Starting or RunState.Running;
}
