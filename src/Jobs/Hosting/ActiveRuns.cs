using System.Collections.Concurrent;
using Tracker.Jobs.Supervision;

namespace Tracker.Jobs.Hosting;

/// <summary>A run that this host executes.</summary>
internal sealed class ActiveRun
{
    private int _attempt;

    /// <summary>The request to stop it.</summary>
    public StopRequest Stop { get; } = new();

    /// <summary>Done when the run has left its slot and its end is recorded.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Number of its attempt; 0 until that has begun.</summary>
    public int Attempt
    {
        get => Volatile.Read(ref _attempt);
        set => Volatile.Write(ref _attempt, value);
    }
}

/// <summary>The runs that this host executes at the moment.</summary>
internal sealed class ActiveRuns
{
    private readonly ConcurrentDictionary<long, ActiveRun> _runs = new();

    /// <summary>How many there are.</summary>
    public int Count => _runs.Count;

    /// <summary>Adds a run, or gives the entry that it has already.</summary>
    /// <returns>The entry, and whether it is new.</returns>
    public (ActiveRun Run, bool IsNew) Enter(long runId)
    {
        var fresh = new ActiveRun();
        var entry = _runs.GetOrAdd(runId, fresh);
        return (entry, ReferenceEquals(entry, fresh));
    }

    /// <summary>Removes a run.</summary>
    public void Leave(long runId)
    {
        if (_runs.TryRemove(runId, out var run)) run.Left.TrySetResult();
    }

    /// <summary>Asks a run to stop, if it is here.</summary>
    public void Stop(long runId, StopReason reason)
    {
        if (_runs.TryGetValue(runId, out var run)) run.Stop.Request(reason);
    }

    /// <summary>Whether a run is here, in whatever attempt.</summary>
    public bool Contains(long runId) => _runs.ContainsKey(runId);

    /// <summary>Whether this attempt of a run is here.</summary>
    public bool Contains(long runId, int attempt) => _runs.TryGetValue(runId, out var run) && run.Attempt == attempt;

    /// <summary>The attempts that have begun.</summary>
    public IReadOnlyList<(long RunId, int Attempt, ActiveRun Run)> Begun() => [.. _runs.Select(r => (r.Key, r.Value.Attempt, r.Value)).Where(r => r.Attempt > 0)];
}
