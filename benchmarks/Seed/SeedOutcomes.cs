using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Tracker.Domain;

namespace Tracker.Benchmarks.Seed;

/// <summary>Writes what became of the runs: their states and results, attempts, events and logs.</summary>
internal sealed class SeedOutcomes(NpgsqlDataSource source, IReadOnlyList<long> hosts)
{
    private const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
    private static readonly string[][] s_tags = [["baseline"], ["figure-2"], ["rerun"], ["camera-ready", "table-1"]];

    public async Task WriteAsync(IReadOnlyList<(SeedRun Run, SeedFate Fate)> runs)
    {
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, """
            SET synchronous_commit = off;
            CREATE TEMP TABLE outcome (id bigint PRIMARY KEY, state text, attempt integer, host_id bigint, device text, step bigint, rate double precision,
              progress jsonb, checkpoint jsonb, result jsonb, final double precision, best double precision, failure text, reason text,
              started timestamptz, ended timestamptz, notes text, tags text[])
            """);
        await CopyAsync(connection, "outcome", runs.Where(r => r.Run.State != RunState.Queued).Select(r => Outcome(r.Run)));
        await ExecuteAsync(connection, """
            UPDATE runs r SET state = o.state, attempt = o.attempt, step = o.step, samples_per_second = o.rate, progress = o.progress, checkpoint = o.checkpoint,
              result = o.result, final_accuracy = o.final, best_accuracy = o.best, selected_accuracy = o.final, failure_kind = o.failure, failure_reason = o.reason,
              quarantined = o.failure IS NOT DISTINCT FROM 'HostLost', started_at = o.started, notes = o.notes, tags = o.tags,
              finished_at = CASE WHEN o.state IN ('Succeeded', 'Failed', 'Cancelled') THEN o.ended END,
              state_since = CASE WHEN o.state = 'Running' THEN o.started ELSE o.ended END,
              assigned = o.state = 'Running', assigned_at = CASE WHEN o.state = 'Running' THEN o.started END,
              host_id = CASE WHEN o.state IN ('Running', 'Succeeded') THEN o.host_id END, device_name = CASE WHEN o.state IN ('Running', 'Succeeded') THEN o.device END
            FROM outcome o WHERE o.id = r.id
            """);
        await CopyAsync(connection, "attempts (run_id, attempt, host_id, device, process_id, started_at, ended_at, outcome, exit_code, signal, reason, first_step, last_step, failure_kind, share, shared)",
            runs.SelectMany(r => AttemptsOf(r.Run)));
        await CopyAsync(connection, "events (run_id, attempt, at, level, message)", runs.SelectMany(r => EventsOf(r.Run)));
        await CopyAsync(connection, "run_logs (run_id, attempt, line, at, level, text)", runs.SelectMany(r => LogOf(r.Run)));
    }

    private long HostOf(SeedRun run) => hosts[run.Hash[6] % hosts.Count];

    private static string Device(SeedRun run) => $"cuda:{run.Hash[7] % 4}";

    private IEnumerable<(object? Value, NpgsqlDbType Type)> Outcome(SeedRun run)
    {
        var result = run.State == RunState.Succeeded ? run.Result($"gpu-{(run.Hash[6] % hosts.Count) + 1}") : null;
        var progress = run.Began ? run.Progress(SeedCurves.Value(run, MetricNames.TrainLoss, run.Step), SeedCurves.Value(run, MetricNames.ValidationAccuracy, run.Step)) : null;
        return
        [
            (run.Id, NpgsqlDbType.Bigint), (run.State.ToString(), NpgsqlDbType.Text), (run.Attempts, NpgsqlDbType.Integer), (HostOf(run), NpgsqlDbType.Bigint),
            (Device(run), NpgsqlDbType.Text), (run.Step, NpgsqlDbType.Bigint), (run.Began ? run.SamplesPerSecond : null, NpgsqlDbType.Double),
            (Write(progress), NpgsqlDbType.Jsonb), (run.Began ? Write(run.Checkpoint()) : null, NpgsqlDbType.Jsonb), (Write(result), NpgsqlDbType.Jsonb),
            (result?.FinalValidationAccuracy, NpgsqlDbType.Double), (result?.BestValidationAccuracy, NpgsqlDbType.Double),
            (run.Failure?.ToString(), NpgsqlDbType.Text), (run.Failure is null ? null : run.FailureReason(), NpgsqlDbType.Text),
            (run.Started, NpgsqlDbType.TimestampTz), (run.Ended, NpgsqlDbType.TimestampTz),
            (run.Hash[8] < 6 ? "Compare with the run on the other host before it goes into the table." : "", NpgsqlDbType.Text),
            (run.Hash[9] < 40 ? s_tags[run.Hash[9] % s_tags.Length] : [], Texts),
        ];
    }

    private IEnumerable<IEnumerable<(object? Value, NpgsqlDbType Type)>> AttemptsOf(SeedRun run)
    {
        for (var attempt = 1; attempt <= run.Attempts; attempt++)
        {
            var (last, part) = (attempt == run.Attempts, (run.Ended - run.Started) / run.Attempts);
            var (first, to) = (run.Step * (attempt - 1) / run.Attempts, run.Step * attempt / run.Attempts);
            var failure = last ? run.Failure : run.Failure is FailureKind.HostLost or FailureKind.Crashed ? run.Failure : FailureKind.Crashed;
            var outcome = !last || run.State == RunState.Failed ? failure == FailureKind.HostLost ? "Lost" : "Failed" : run.State.ToString();
            var open = last && run.State == RunState.Running;
            yield return
            [
                (run.Id, NpgsqlDbType.Bigint), (attempt, NpgsqlDbType.Integer), (hosts[(run.Hash[6] + run.Attempts - attempt) % hosts.Count], NpgsqlDbType.Bigint),
                (Device(run), NpgsqlDbType.Text), (4000 + (int)(run.Id % 20_000), NpgsqlDbType.Integer), (run.Started + ((attempt - 1) * part), NpgsqlDbType.TimestampTz),
                (open ? null : run.Started + (attempt * part), NpgsqlDbType.TimestampTz), (open ? null : outcome, NpgsqlDbType.Text),
                (outcome == "Succeeded" ? 0 : null, NpgsqlDbType.Integer), (failure == FailureKind.Crashed ? 11 : failure == FailureKind.Killed ? 9 : null, NpgsqlDbType.Integer),
                (last ? run.Failure is null ? null : run.FailureReason() : "The process ended by signal 11.", NpgsqlDbType.Text),
                (first, NpgsqlDbType.Bigint), (to, NpgsqlDbType.Bigint), (failure?.ToString(), NpgsqlDbType.Text), (0.5f, NpgsqlDbType.Real), (run.Hash[10] < 60, NpgsqlDbType.Boolean),
            ];
        }
    }

    private static IEnumerable<IEnumerable<(object? Value, NpgsqlDbType Type)>> EventsOf(SeedRun run)
    {
        for (var attempt = 1; attempt <= run.Attempts; attempt++)
        {
            var at = run.Started + ((attempt - 1) * ((run.Ended - run.Started) / run.Attempts));
            if (attempt > 1) yield return Event(run, attempt - 1, at.AddSeconds(-1), EventLevel.Warning, "Crashed: the process ended by signal 11. Another attempt follows in 1 s.");
            var step = run.Step * (attempt - 1) / run.Attempts;
            yield return Event(run, attempt, at, EventLevel.Info, step == 0 ? $"Started on {Device(run)}." : $"Resumed on {Device(run)} from step {step}.");
        }
        if (run.State is RunState.Running or RunState.Queued) yield break;
        var (level, message) = run.State switch
        {
            RunState.Succeeded => (EventLevel.Info, string.Create(CultureInfo.InvariantCulture, $"Finished with {100 * run.Accuracy:0.00} % validation accuracy.")),
            RunState.Failed => (EventLevel.Error, run.Failure!.Value.FirstLine(run.FailureReason())),
            _ => (EventLevel.Info, $"{run.State}."),
        };
        yield return Event(run, run.Attempts, run.Ended, level, message);
    }

    private static IEnumerable<(object? Value, NpgsqlDbType Type)> Event(SeedRun run, int attempt, DateTimeOffset at, EventLevel level, string message) =>
    [
        (run.Id, NpgsqlDbType.Bigint), (attempt, NpgsqlDbType.Integer), (at, NpgsqlDbType.TimestampTz), (level.ToString(), NpgsqlDbType.Text), (message, NpgsqlDbType.Text),
    ];

    /// <summary>A line for some epochs, as the program that trains prints them.</summary>
    private static IEnumerable<IEnumerable<(object? Value, NpgsqlDbType Type)>> LogOf(SeedRun run)
    {
        const int Lines = 12;
        if (!run.Began) yield break;
        for (var line = 1; line <= Lines; line++)
        {
            var step = Math.Max(1, run.Step * line / Lines);
            var text = string.Create(CultureInfo.InvariantCulture,
                $"epoch {(double)step / run.Plan.StepsPerEpoch:0.0}, step {step}: loss {SeedCurves.Value(run, MetricNames.TrainLoss, step):0.0000}, validation {100 * SeedCurves.Value(run, MetricNames.ValidationAccuracy, step):0.00} %");
            yield return
            [
                (run.Id, NpgsqlDbType.Bigint), (run.Attempts, NpgsqlDbType.Integer), ((long)line, NpgsqlDbType.Bigint),
                (run.Started + ((run.Ended - run.Started) * line / Lines), NpgsqlDbType.TimestampTz), (EventLevel.Info.ToString(), NpgsqlDbType.Text), (text, NpgsqlDbType.Text),
            ];
        }
    }

    private static string? Write<T>(T? value) where T : class => value is null ? null : JsonSerializer.Serialize(value, SeedRows.Json);

    private static async Task CopyAsync(NpgsqlConnection connection, string into, IEnumerable<IEnumerable<(object? Value, NpgsqlDbType Type)>> rows)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {into} FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            await copy.StartRowAsync();
            foreach (var (value, type) in row)
            {
                if (value is null) await copy.WriteNullAsync();
                else await copy.WriteAsync(value, type);
            }
        }
        await copy.CompleteAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
