using System.Collections.Concurrent;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Tests.Fakes;

/// <summary>Notes what is recorded of an attempt.</summary>
internal sealed class FakeAttempts : IAttempts
{
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The attempts whose end was recorded.</summary>
    public ConcurrentQueue<(long RunId, int Attempt)> Ends { get; } = new();

    public RunResult? Result { get; private set; }

    public Func<Task>? BeforeSuccess { get; init; }

    /// <summary>How an attempt begins.</summary>
    public Func<CancellationToken, Task<StartedAttempt?>> Begin { get; set; } = _ => Task.FromResult<StartedAttempt?>(Samples.Attempt());

    /// <summary>What the next records of an end throw, by the end.</summary>
    public Func<AttemptEnd, Exception?> EndRefusal { get; set; } = _ => null;

    /// <summary>The ends as they were recorded.</summary>
    public ConcurrentQueue<AttemptEnd> Recorded { get; } = new();

    /// <summary>Those that have just succeeded.</summary>
    public HashSet<(long RunId, int Attempt)> Leaving { get; } = [];

    public Task<StartedAttempt?> BeginAsync(long runId, long hostId, CancellationToken cancellationToken) => Begin(cancellationToken);

    public Task ChildStartedAsync(long runId, int attempt, ProcessIdentity process, CancellationToken cancellationToken)
    {
        Calls.Enqueue("started");
        return Task.CompletedTask;
    }

    public Task DiscardCheckpointAsync(long runId, int attempt, string reason, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"discarded: {reason}");
        return Task.CompletedTask;
    }

    public async Task SucceedAsync(long runId, int attempt, RunResult result, CancellationToken cancellationToken)
    {
        if (BeforeSuccess is { } before) await before();
        Result = result;
        Calls.Enqueue("succeeded");
    }

    public Task<RunState> EndAsync(long runId, int attempt, AttemptEnd end, CancellationToken cancellationToken)
    {
        if (EndRefusal(end) is { } refusal) return Task.FromException<RunState>(refusal);
        Recorded.Enqueue(end);
        Calls.Enqueue($"ended: {end.Outcome}");
        Ends.Enqueue((runId, attempt));
        return Task.FromResult(RunState.Queued);
    }

    /// <summary>What is recorded as going on.</summary>
    public List<HeldAttempt> Held { get; } = [];

    /// <summary>What ended lately.</summary>
    public List<HeldAttempt> Ended { get; } = [];

    /// <summary>Called before what goes on is told.</summary>
    public Action BeforeHeld { get; set; } = () => { };

    public Task<IReadOnlyList<HeldAttempt>> HeldAsync(long hostId, CancellationToken cancellationToken)
    {
        BeforeHeld();
        return Task.FromResult<IReadOnlyList<HeldAttempt>>([.. Held]);
    }

    public Task<bool> IsLeavingAsync(long runId, int attempt, CancellationToken cancellationToken) => Task.FromResult(Leaving.Contains((runId, attempt)));

    public Task<IReadOnlyList<HeldAttempt>> EndedAsync(long hostId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<HeldAttempt>>([.. Ended]);

    public Task NoteOrphanAsync(long runId, int attempt, string message, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"orphan of run {runId}, attempt {attempt}");
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<long, RunWish>> WishesAsync(long hostId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<long, RunWish>>(new Dictionary<long, RunWish>());
}
