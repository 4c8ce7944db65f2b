using Tracker.Storage.Database;

namespace Tracker.Storage.External;

/// <summary>Gives up runs whose programs were not heard of for <see cref="ExternalRun.LostAfter"/>: by its protocol such a program cannot tell that its machine went down.</summary>
internal sealed class LostReports(TrackerDatabase database)
{
    /// <summary>Gives up all that are lost now. One that is being written to is passed over: it is being heard of.</summary>
    /// <returns>How many.</returns>
    public Task<int> GiveUpAsync(CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var lost = await session.QueryAsync(
            """
            WITH lost AS (
              SELECT id FROM runs WHERE external AND state = 'Running' AND reported_at < now() - @lost ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
            )
            UPDATE runs r SET state = 'Failed', state_since = now(), finished_at = r.reported_at, failure_kind = 'HostLost', failure_reason = @reason
            FROM lost WHERE r.id = lost.id
            RETURNING r.id, r.sweep_id
            """,
            r => (Id: r.GetInt64(0), SweepId: r.GetInt64(1)), ("lost", ExternalRun.LostAfter),
            ("reason", $"its program was not heard of for {ExternalRun.LostAfter.TotalHours:0} hours. It runs again as soon as it reports."));
        foreach (var (id, sweepId) in lost) session.Changed(ChangeKind.Run, id, sweepId);
        await session.ExecuteAsync(
            "INSERT INTO events (run_id, level, message) SELECT id, 'Error', @message FROM unnest(@runs) AS id",
            ("runs", lost.Select(l => l.Id).ToArray()), ("message", $"Given up: its program was not heard of for {ExternalRun.LostAfter.TotalHours:0} hours."));
        return lost.Count;
    }, cancellationToken);
}
