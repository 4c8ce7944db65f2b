using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.Leaderboards;

/// <inheritdoc cref="ILeaderboards" />
internal sealed class LeaderboardsService(TrackerDatabase database) : ILeaderboards
{
    private const string Settings = """
        r.method, r.batch, r.small_batch, r.ghost_batch, r.epochs, r.train_examples, r.learning_rate, r.weight_decay, r.momentum, r.clip, r.scaling, r.variant
        """;

    /// <summary>The same with the seed, numbers that differ most first: comparing texts by the rules of a language is what makes sorting slow.</summary>
    private const string Experiment = """
        r.learning_rate, r.batch, r.seed, r.epochs, r.train_examples, r.ghost_batch, r.small_batch, r.weight_decay, r.momentum, r.clip, r.method, r.scaling, r.variant
        """;

    /// <summary>
    /// Each experiment counts once, by its latest finished run, as in the tables; whatever has a seed that finished is a row. No aggregate asks for
    /// an order, so that rows are grouped by hashing.
    /// </summary>
    private const string Grouped = $"""
        WITH counted AS (
          SELECT DISTINCT ON ({Experiment})
            {Experiment}, r.id, r.state, r.owner_id, r.shared, r.total_steps, r.finished_at, r.selected_accuracy,
            (r.result->>'trainSeconds')::double precision AS train_seconds, (r.result->>'samplesPerSecond')::double precision AS samples_per_second
          FROM runs r
          WHERE r.network = @network AND r.dataset = @dataset AND r.state <> 'Cancelled' AND r.deleted_at IS NULL AND NOT r.external
          ORDER BY {Experiment}, (r.state = 'Succeeded') DESC, r.id DESC
        )
        SELECT
          {Settings},
          count(r.selected_accuracy)::integer, avg(r.selected_accuracy), stddev_samp(r.selected_accuracy), max(r.selected_accuracy),
          max(r.total_steps),
          avg(r.train_seconds) FILTER (WHERE @shared OR NOT r.shared), avg(r.samples_per_second) FILTER (WHERE @shared OR NOT r.shared),
          count(*) FILTER (WHERE r.shared AND r.state = 'Succeeded')::integer,
          count(*) FILTER (WHERE r.state IN ('Queued', 'Starting', 'Running', 'Paused'))::integer,
          count(*) FILTER (WHERE r.state = 'Failed')::integer,
          array_agg(r.id) FILTER (WHERE r.state = 'Succeeded'),
          array_agg(r.seed) FILTER (WHERE r.state = 'Succeeded'),
          array_agg(r.owner_id) FILTER (WHERE r.state = 'Succeeded' AND r.owner_id IS NOT NULL),
          max(r.finished_at) FILTER (WHERE r.state = 'Succeeded')
        FROM counted r
        GROUP BY {Settings}
        HAVING count(r.selected_accuracy) > 0
        """;

    /// <summary>
    /// The first evaluation of each run that reached the target. A run's evaluations are read in order up to that one, by the key of the
    /// points; runs whose best evaluation is below the target are not looked at. (To Postgres NaN is more than any number.)
    /// </summary>
    private const string Reached = """
        SELECT r.id, r.shared, p.step, p.wall_ms
        FROM runs r
        CROSS JOIN LATERAL (
          SELECT step, wall_ms FROM metric_points
          WHERE run_id = r.id AND metric_id = (SELECT id FROM metric_names WHERE name = @metric) AND value >= @target AND value <= 1
          ORDER BY step LIMIT 1
        ) p
        WHERE r.id = ANY(@runs) AND r.best_accuracy >= @target
        """;

    /// <summary>
    /// The same of programs outside, by what is known of their runs. Of a seed the latest counts, but where none was stated, every run does: then
    /// nothing says that one repeats another.
    /// </summary>
    private const string Outside = """
        WITH counted AS (
          SELECT DISTINCT ON (s.method, r.method, r.batch, r.epochs, r.learning_rate, r.weight_decay, r.momentum, r.seed, CASE WHEN r.seed = 0 THEN r.id END)
            s.method AS stated, r.method, r.batch, r.epochs, r.learning_rate, r.weight_decay, r.momentum, r.seed, r.id, r.owner_id, r.total_steps, r.finished_at, r.selected_accuracy
          FROM runs r
          CROSS JOIN LATERAL (
            SELECT coalesce(nullif(r.method, ''), nullif(btrim(left(coalesce(r.spec->>'method', r.spec->>'technique'), 60)), ''), @logged) AS method
          ) s
          WHERE r.network = @network AND r.dataset = @dataset AND r.external AND r.state = 'Succeeded' AND r.deleted_at IS NULL AND r.selected_accuracy IS NOT NULL
          ORDER BY s.method, r.method, r.batch, r.epochs, r.learning_rate, r.weight_decay, r.momentum, r.seed, CASE WHEN r.seed = 0 THEN r.id END, r.id DESC
        )
        SELECT
          r.method, r.batch, 0, NULL::integer, r.epochs, 0, r.learning_rate, r.weight_decay, r.momentum, 0::double precision, 'None', '',
          count(*)::integer, avg(r.selected_accuracy), stddev_samp(r.selected_accuracy), max(r.selected_accuracy),
          max(r.total_steps), NULL::double precision, NULL::double precision, 0, 0, 0,
          array_agg(r.id), array_agg(r.seed), array_agg(r.owner_id) FILTER (WHERE r.owner_id IS NOT NULL), max(r.finished_at), r.stated
        FROM counted r
        GROUP BY r.stated, r.method, r.batch, r.epochs, r.learning_rate, r.weight_decay, r.momentum
        """;

    private sealed record Arrival(long Run, bool Shared, long Step, double Seconds);

    public async Task<IReadOnlyList<Board>> BoardsAsync(CancellationToken cancellationToken) => await database.QueryAsync(
        """
        SELECT network, dataset, count(*)::integer, count(*) FILTER (WHERE external)::integer
        FROM runs
        WHERE state = 'Succeeded' AND deleted_at IS NULL AND (NOT external OR (network <> '' AND dataset <> '' AND selected_accuracy IS NOT NULL))
        GROUP BY network, dataset
        ORDER BY count(*) FILTER (WHERE NOT external) DESC, count(*) DESC, network, dataset
        """,
        r => new Board(r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetInt32(3)), cancellationToken);

    public async Task<Leaderboard> ReadAsync(LeaderboardQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var names = (await database.QueryAsync("SELECT id, user_name FROM users WHERE user_name IS NOT NULL", r => (Id: r.GetInt64(0), Name: r.GetString(1)), cancellationToken))
            .ToDictionary(u => u.Id, u => u.Name);
        var all = await database.QueryAsync(
            Grouped, r => Read(r, names), cancellationToken, ("network", query.Network), ("dataset", query.Dataset), ("shared", query.SharedSeconds));
        var outside = await database.QueryAsync(
            Outside, r => ReadOutside(r, names), cancellationToken, ("network", query.Network), ("dataset", query.Dataset), ("logged", ExperimentSettings.Logged));
        var parts = all.CountBy(r => r.Settings.TrainExamples).Select(p => new DataPart(p.Key, p.Value)).OrderByDescending(p => p.TrainExamples).ToList();
        int? part = query.AllParts || parts.Count == 0 ? null : query.TrainExamples ?? parts[0].TrainExamples;
        // Of which part the runs from outside are is not known: they stand beside each.
        List<LeaderboardRow> rows = [.. all.Where(r => part is null || r.Settings.TrainExamples == part), .. outside];
        var target = query.Target is { } chosen ? new(chosen, "chosen") : DefaultTarget.Of(rows);
        if (target is not null) rows = await TimeAsync(rows, target.Accuracy, query.SharedSeconds, cancellationToken);
        return new(query.Network, query.Dataset, parts, part, target, [.. rows.OrderByDescending(r => r.Accuracy.Mean).ThenBy(r => r.Settings.Id, StringComparer.Ordinal)]);
    }

    private async Task<List<LeaderboardRow>> TimeAsync(List<LeaderboardRow> rows, double target, bool shared, CancellationToken cancellationToken)
    {
        var arrivals = await database.QueryAsync(
            Reached, r => new Arrival(r.GetInt64(0), r.GetBoolean(1), r.GetInt64(2), r.GetInt64(3) / 1000.0), cancellationToken,
            ("runs", rows.Where(r => r.Settings.Outside is null).SelectMany(r => r.RunIds).ToArray()), ("metric", MetricNames.ValidationAccuracy), ("target", target));
        var byRun = arrivals.ToDictionary(a => a.Run);
        return [.. rows.Select(row => row with { Target = Times([.. row.RunIds.Where(byRun.ContainsKey).Select(id => byRun[id])], shared) })];
    }

    private static TargetTimes Times(IReadOnlyList<Arrival> arrivals, bool shared)
    {
        var steps = SeedStatistics.Of([.. arrivals.Select(a => (double)a.Step)]);
        var seconds = SeedStatistics.Of([.. arrivals.Where(a => shared || !a.Shared).Select(a => a.Seconds)]);
        return new(arrivals.Count, steps?.Mean, seconds?.Mean, steps?.StandardDeviation, seconds?.StandardDeviation);
    }

    private static LeaderboardRow ReadOutside(NpgsqlDataReader row, Dictionary<long, string> names)
    {
        var read = Read(row, names);
        return read with { Settings = read.Settings with { Outside = row.GetString(26) } };
    }

    private static LeaderboardRow Read(NpgsqlDataReader row, Dictionary<long, string> names)
    {
        var settings = new ExperimentSettings(
            MethodNames.ReadStated(row.GetString(0)), row.GetInt32(1), row.GetInt32(2), row.GetNullable<int>(3), row.GetInt32(4), row.GetInt32(5),
            row.GetDouble(6), row.GetDouble(7), row.GetDouble(8), row.GetDouble(9), row.GetEnum<LearningRateScaling>(10), row.GetString(11));
        return new(
            settings, new(row.GetInt32(12), row.GetDouble(13), row.GetNullable<double>(14), row.GetDouble(15)), TargetTimes.None, row.GetInt64(16),
            row.GetNullable<double>(17), row.GetNullable<double>(18), row.GetInt32(19), row.GetInt32(20), row.GetInt32(21),
            [.. row.GetFieldValue<long[]>(22).Zip(row.GetFieldValue<int[]>(23)).OrderBy(run => run.Second).Select(run => run.First)],
            [.. (row.GetOrDefault<long[]>(24) ?? []).Distinct().Where(names.ContainsKey).Select(owner => names[owner]).Order(StringComparer.OrdinalIgnoreCase)],
            row.GetFieldValue<DateTimeOffset>(25));
    }
}
