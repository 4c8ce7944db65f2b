namespace Tracker.Storage;

/// <summary>What a notification is about.</summary>
public enum ChangeKind
{
    /// <summary>State, progress, points, events or attempts of a run.</summary>
    Run,

    /// <summary>Log lines of a run.</summary>
    Log,

    /// <summary>A sweep: submitted, changed, deleted.</summary>
    Sweep,

    /// <summary>A host: registered, drained, stopped.</summary>
    Host,

    /// <summary>A wish for a run, for the host that holds it.</summary>
    Wish,

    /// <summary>A run may start now that could not before: for hosts with free slots. Has no id.</summary>
    Queue,

    /// <summary>A user's role, state, password or tokens; the id is the user's.</summary>
    Account,

    /// <summary>There is something to tell to webhooks. Has no id.</summary>
    Webhook,
}

/// <summary>Something changed in the database.</summary>
/// <param name="Kind">What changed.</param>
/// <param name="Id">Id of the run, sweep or host.</param>
/// <param name="SweepId">The sweep of a run, if known.</param>
public readonly record struct Change(ChangeKind Kind, long Id, long? SweepId);

/// <summary>Listens to the database's notifications over one connection of its own.</summary>
public interface IChanges
{
    /// <summary>
    /// Yields changes until cancelled. Throws when the connection is lost: the caller waits, listens again and reloads what it shows,
    /// since changes in between are not told.
    /// </summary>
    IAsyncEnumerable<Change> ListenAsync(CancellationToken cancellationToken);
}
