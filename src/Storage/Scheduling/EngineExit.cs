using Tracker.Storage.Database;

namespace Tracker.Storage.Scheduling;

/// <summary>Takes runs out of the job engine, in the transaction in which they lose their device.</summary>
internal sealed class EngineExit(IRunQueue queue)
{
    /// <summary>Takes runs out, and tells hosts that others may start in their place.</summary>
    public async Task RemoveAsync(DbSession session, IReadOnlyList<long> runIds)
    {
        if (runIds.Count > 0) await queue.RemoveAsync(session.Connection, session.Transaction, runIds, session.CancellationToken);
        session.Changed(ChangeKind.Queue, 0);
    }
}
