using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Tracker.Domain;
using Tracker.Storage.Model;

namespace Tracker.Storage.Tests;

/// <summary>Makes runs that are alike in all that verbs could change, many at once, and tells what became of them.</summary>
internal sealed class RunTwins(StorageFixture storage)
{
    /// <summary>The states to be in: each with what else distinguishes it, as assignments.</summary>
    public static IReadOnlyDictionary<string, string> States { get; } = new Dictionary<string, string>
    {
        ["queued"] = "state = 'Queued'",
        ["assigned"] = "state = 'Queued', assigned = true",
        ["starting"] = "state = 'Starting', assigned = true",
        ["running"] = "state = 'Running', assigned = true",
        ["to pause"] = "state = 'Running', assigned = true, wish = 'Pause'",
        ["to cancel"] = "state = 'Running', assigned = true, wish = 'Cancel'",
        ["paused"] = "state = 'Paused'",
        ["succeeded"] = "state = 'Succeeded', result = @result, final_accuracy = 0.5, best_accuracy = 0.5, selected_accuracy = 0.5, finished_at = now()",
        ["failed"] = "state = 'Failed', failure_kind = 'HostLost', failure_reason = 'gone', quarantined = true, host_losses = 3, finished_at = now()",
        ["cancelled"] = "state = 'Cancelled', finished_at = now()",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs of one state, each with one attempt (open where a host holds it), a checkpoint of step 3, and a point there.</summary>
    public async Task<IReadOnlyList<long>> MakeAsync(string state, int count, long hostId)
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: count));
        var active = state is "starting" or "running" or "to pause" or "to cancel";
        var held = active || state == "assigned";
        await ExecuteAsync(
            $$"""
              UPDATE runs SET {{States[state]}}, attempt = 1, step = 3, crashes = 1,
                checkpoint = '{"step": 3, "path": "/c", "sha256": "{{new string('d', 64)}}", "bytes": 9}',
                host_id = CASE WHEN @held THEN @host END, device_name = CASE WHEN @held THEN 'cpu' END
              WHERE id = ANY(@runs);
              INSERT INTO attempts (run_id, attempt, host_id, device, last_step, ended_at, outcome)
              SELECT id, 1, @host, 'cpu', 3, CASE WHEN @active THEN NULL ELSE now() END, CASE WHEN @active THEN NULL ELSE 'Drained' END FROM unnest(@runs) AS id;
              INSERT INTO metric_names (name) VALUES ('train/loss') ON CONFLICT DO NOTHING;
              INSERT INTO metric_points (run_id, metric_id, step, epoch, wall_ms, value)
              SELECT id, (SELECT m.id FROM metric_names m WHERE name = 'train/loss'), 3, 0.5, 1, 1 FROM unnest(@runs) AS id;
              SELECT summarise_series(@runs);
              """,
            ("runs", runs.ToArray()), ("host", hostId), ("held", held), ("active", active));
        if (held) await EnqueueAsync(runs);
        return runs;
    }

    /// <summary>All about runs that verbs and hosts change, but moments and places in the queue.</summary>
    public async Task<IReadOnlyDictionary<long, string>> DescribeAsync(IReadOnlyList<long> runs)
    {
        var held = await storage.Queue.HeldRunsAsync(Token);
        await using var command = storage.DataSource.CreateCommand(
            """
            SELECT r.id, concat_ws(' ', r.state, r.wish, r.priority, CASE WHEN r.assigned THEN 'assigned' END, CASE WHEN r.host_id IS NOT NULL THEN 'hosted' END,
              'attempt', r.attempt, 'crashes', r.crashes, 'losses', r.host_losses, CASE WHEN r.quarantined THEN 'quarantined' END, r.failure_kind,
              'checkpoint', r.checkpoint->>'step', 'step', r.step, CASE WHEN r.not_before IS NOT NULL THEN 'delayed' END, 'flush', r.flush_seq,
              CASE WHEN r.finished_at IS NOT NULL THEN 'finished' END, CASE WHEN r.result IS NOT NULL THEN 'result' END,
              'points', (SELECT string_agg(p.step::text, ',' ORDER BY p.step) FROM metric_points p WHERE p.run_id = r.id),
              'attempts', (SELECT string_agg(concat_ws('/', a.attempt, a.outcome, a.failure_kind, a.exit_code, a.first_step, a.refused_writes), ', ' ORDER BY a.attempt) FROM attempts a WHERE a.run_id = r.id))
            FROM runs r WHERE r.id = ANY(@runs)
            """);
        command.Parameters.AddWithValue("runs", runs.ToArray());
        var found = new Dictionary<long, string>();
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token)) found[reader.GetInt64(0)] = reader.GetString(1);
        return runs.ToDictionary(run => run, run => $"{found.GetValueOrDefault(run, "deleted")}{(held.Contains(run) ? " held" : "")}");
    }

    /// <summary>Runs everything while these runs are locked, and lets go when all of it waits or is done: so all of it has begun before any of it goes on.</summary>
    public async Task<T[]> TogetherAsync<T>(IReadOnlyList<long> runs, IReadOnlyList<Func<Task<T>>> work)
    {
        await using var gate = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await gate.BeginTransactionAsync(Token);
        // Longer than a process may rest in a transaction otherwise: on a busy machine it takes a while until everything has begun.
        await using (var patience = new NpgsqlCommand("SET LOCAL idle_in_transaction_session_timeout = '60s'", gate, transaction)) await patience.ExecuteNonQueryAsync(Token);
        await using (var block = new NpgsqlCommand("SELECT FROM runs WHERE id = ANY($1) ORDER BY id FOR UPDATE", gate, transaction))
        {
            block.Parameters.Add(new() { Value = runs.ToArray() });
            await block.ExecuteNonQueryAsync(Token);
        }
        var tasks = work.Select(w => Task.Run(w)).ToList();
        // On a connection of its own: within a transaction the list of sessions stays as it was first read.
        await using var count = storage.DataSource.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        while (Convert.ToInt32(await count.ExecuteScalarAsync(Token), CultureInfo.InvariantCulture) + tasks.Count(t => t.IsCompleted) < tasks.Count) await Task.Delay(1, Token);
        await transaction.CommitAsync(Token);
        return await Task.WhenAll(tasks);
    }

    private async Task EnqueueAsync(IReadOnlyList<long> runs)
    {
        await using var connection = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await storage.Queue.EnqueueAsync(connection, transaction, [.. runs.Select(run => new QueuedRun(run, "twins", Priority.Normal, run))], Token);
        await transaction.CommitAsync(Token);
    }

    private async Task ExecuteAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        if (sql.Contains("@result", StringComparison.Ordinal)) command.Parameters.AddWithValue("result", NpgsqlDbType.Jsonb, Json.Write(Results.With(0.5)));
        await command.ExecuteNonQueryAsync(Token);
    }
}
