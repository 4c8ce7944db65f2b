using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Requests;

/// <summary>Compares what is to be changed with <see cref="Precondition.Current"/>; nothing is read when there is none.</summary>
internal static class EditVersions
{
    /// <summary>Locks the run and compares it.</summary>
    /// <exception cref="PreconditionException">It is another version.</exception>
    public static async Task CheckRunAsync(DbSession session, long runId)
    {
        if (Precondition.Current is null) return;
        var tag = await session.FirstAsync(
            "SELECT notes, tags, priority FROM runs WHERE id = @run FOR NO KEY UPDATE",
            r => EditTag.OfRun(r.GetString(0), r.GetFieldValue<string[]>(1), r.GetEnum<Priority>(2)), ("run", runId));
        if (tag is not null) Precondition.Check(tag);
    }

    /// <summary>Locks the sweep and compares it.</summary>
    /// <exception cref="PreconditionException">It is another version.</exception>
    public static async Task CheckSweepAsync(DbSession session, long sweepId)
    {
        if (Precondition.Current is null) return;
        var tag = await session.FirstAsync(
            "SELECT name, notes, priority FROM sweeps WHERE id = @sweep FOR NO KEY UPDATE",
            r => EditTag.OfSweep(r.GetString(0), r.GetString(1), r.GetEnum<Priority>(2)), ("sweep", sweepId));
        if (tag is not null) Precondition.Check(tag);
    }
}
