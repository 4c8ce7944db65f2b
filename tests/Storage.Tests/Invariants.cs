namespace Tracker.Storage.Tests;

/// <summary>What holds of runs, attempts and job engine whenever no transaction is going on and no process owes a report.</summary>
internal static class Invariants
{
    private static readonly (string Rule, string Broken)[] s_rules =
    [
        ("an active run has its open attempt",
            "SELECT id FROM runs r WHERE state IN ('Starting', 'Running') AND NOT EXISTS (SELECT FROM attempts a WHERE a.run_id = r.id AND a.attempt = r.attempt AND ended_at IS NULL)"),
        ("no attempt is open but that of an active run",
            "SELECT r.id FROM runs r JOIN attempts a ON a.run_id = r.id WHERE a.ended_at IS NULL AND (a.attempt <> r.attempt OR r.state NOT IN ('Starting', 'Running'))"),
        ("a run has counted its attempts",
            "SELECT r.id FROM runs r JOIN attempts a ON a.run_id = r.id WHERE a.attempt > r.attempt"),
        ("whoever has a device has a host that has not ended",
            "SELECT r.id FROM runs r JOIN hosts h ON h.id = r.host_id WHERE r.assigned AND (h.stopped_at IS NOT NULL OR h.removed_at IS NOT NULL)"),
        ("the engine holds all that have a device and have not begun", "SELECT id FROM runs WHERE assigned AND state = 'Queued' AND id <> ALL(@held)"),
        ("the engine holds none that has no device",
            "SELECT h.id FROM unnest(@held) AS h(id) LEFT JOIN runs r ON r.id = h.id WHERE r.id IS NULL OR NOT r.assigned"),
        ("only a run that a host holds has a wish", "SELECT id FROM runs WHERE wish <> 'None' AND state NOT IN ('Starting', 'Running')"),
        ("nobody waits for ever after a crash", "SELECT id FROM runs WHERE not_before > now() + interval '3 minutes'"),
        ("only what may be retried is quarantined", "SELECT id FROM runs WHERE quarantined AND state <> 'Failed'"),
        ("device time is of users that there are", "SELECT owner_id FROM device_usage WHERE owner_id <> 0 AND owner_id NOT IN (SELECT id FROM users)"),
    ];

    /// <summary>The rules that do not hold, with the first run that breaks them.</summary>
    public static async Task<IReadOnlyList<string>> BrokenAsync(StorageFixture storage, CancellationToken cancellationToken)
    {
        var held = (await storage.Queue.HeldRunsAsync(cancellationToken)).ToArray();
        var broken = new List<string>();
        foreach (var (rule, sql) in s_rules)
        {
            await using var command = storage.DataSource.CreateCommand($"SELECT min(b.id) FROM ({sql}) AS b(id)");
            if (sql.Contains("@held", StringComparison.Ordinal)) command.Parameters.AddWithValue("held", held);
            if (await command.ExecuteScalarAsync(cancellationToken) is long run) broken.Add($"{rule}: not run {run}");
        }
        return broken;
    }
}
