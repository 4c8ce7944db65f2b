namespace Tracker.Storage;

/// <summary>Gives devices to waiting runs, as the policy orders them.</summary>
public interface IDispatcher
{
    /// <summary>
    /// Gives a host's free slots to the runs that come first. In one transaction they are recorded as assigned and enqueued in the
    /// host's lane. One process at a time decides, for the whole cluster. A host that drains or is not heard of gets nothing.
    /// </summary>
    /// <returns>How many runs were assigned.</returns>
    Task<int> FillAsync(long hostId, CancellationToken cancellationToken);

    /// <summary>Takes back what was assigned to a host and has not begun there.</summary>
    /// <returns>How many runs wait again.</returns>
    Task<int> TakeBackAsync(long hostId, CancellationToken cancellationToken);

    /// <summary>
    /// Ends what hosts hold that have vanished: their attempts are lost, their runs wait again.
    /// </summary>
    /// <param name="inContact">
    /// Is told the server's time as of which hosts were found silent, and answers whether this process has itself been in contact with
    /// the server for <see cref="HostView.LostAfter"/> by then: after an outage, whoever comes back first must not take the others for dead.
    /// </param>
    /// <param name="cancellationToken">Ends it between two runs.</param>
    /// <returns>How many runs wait again.</returns>
    Task<int> RecoverAsync(Func<DateTimeOffset, bool> inContact, CancellationToken cancellationToken);
}
