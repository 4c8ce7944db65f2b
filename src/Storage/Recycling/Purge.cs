using Microsoft.Extensions.Logging;
using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Recycling;

/// <inheritdoc cref="IPurge" />
internal sealed class Purge(TrackerDatabase database, IEnumerable<IRunFiles> files, TimeProvider clock, ILogger<Purge> logger) : IPurge
{
    private const int RunsAtOnce = 200;

    /// <summary>Hosts that were off for longer keep files that nobody misses.</summary>
    private static readonly TimeSpan s_told = TimeSpan.FromDays(365);

    /// <summary>When runs whose files could not be removed get their next turn; used only by who holds the lock.</summary>
    private readonly Dictionary<long, DateTimeOffset> _putOff = [];

    private readonly LoopFaults _faults = new(logger, "removing files of purged runs");

    /// <summary>How long a run waits whose files could not be removed.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Rows that one transaction removes at most; 100,000 take about a twentieth of a second.</summary>
    public int RowsAtOnce { get; init; } = 100_000;

    public async Task<PurgeResult?> WorkAsync(CancellationToken cancellationToken)
    {
        // Ends with its connection, whatever becomes of this process.
        await using var turn = await database.OpenAsync(cancellationToken);
        if (!await IsDoneAsync(turn, "pg_try_advisory_lock", cancellationToken)) return null;
        try
        {
            await MarkDueAsync(cancellationToken);
            var runs = await RemoveRunsAsync(cancellationToken);
            var sweeps = await RemoveSweepsAsync(cancellationToken);
            await UnusedMetrics.FreeAsync(database, cancellationToken);
            return new(runs, sweeps);
        }
        finally
        {
            await IsDoneAsync(turn, "pg_advisory_unlock", CancellationToken.None);
        }
    }

    /// <summary>Files that cannot be removed hold up only their own run.</summary>
    private async Task<int> RemoveRunsAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var (run, at) in _putOff)
            if (at <= now) _putOff.Remove(run);
        var removed = 0;
        while (await NextAsync(cancellationToken) is { Count: > 0 } next)
        {
            foreach (var (run, sweep) in next)
            {
                try
                {
                    await new RunPurge(database, files, run, sweep, RowsAtOnce).GoAsync(cancellationToken);
                    removed++;
                }
                catch (RunFilesException e)
                {
                    if (_putOff.Count == 0) _faults.Tell(e, isTransient: false);
                    _putOff[run] = now + Delay;
                }
            }
        }
        if (_putOff.Count == 0) _faults.Passed();
        return removed;
    }

    /// <summary>Marks what has been in the bin for longer than the rule says.</summary>
    private Task MarkDueAsync(CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        const string due = "deleted_at <= now() - make_interval(days => (SELECT days FROM retention_rules WHERE kind = 'Bin')) AND NOT purging";
        await RecycleBin.PurgeSweepsAsync(session, due);
        await RecycleBin.PurgeRunsAsync(session, due);
        await session.ExecuteAsync("DELETE FROM discarded_checkpoints WHERE at < now() - @told", ("told", s_told));
    }, cancellationToken);

    private Task<List<(long Run, long Sweep)>> NextAsync(CancellationToken cancellationToken) => database.QueryAsync(
        "SELECT id, sweep_id FROM runs WHERE purging AND NOT id = ANY(@later) ORDER BY id LIMIT @most",
        r => (r.GetInt64(0), r.GetInt64(1)), cancellationToken, ("later", _putOff.Keys.ToArray()), ("most", RunsAtOnce));

    private Task<int> RemoveSweepsAsync(CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var gone = await session.QueryAsync(
            "DELETE FROM sweeps s WHERE purging AND NOT EXISTS (SELECT FROM runs r WHERE r.sweep_id = s.id) RETURNING id", r => r.GetInt64(0));
        foreach (var sweep in gone) session.Changed(ChangeKind.Sweep, sweep);
        return gone.Count;
    }, cancellationToken);

    private static async Task<bool> IsDoneAsync(NpgsqlConnection connection, string function, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {function}({AdvisoryLocks.Purge})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
