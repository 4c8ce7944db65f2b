using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.External;

/// <summary>Reads runs as programs outside know them.</summary>
internal sealed class LoggedRunReader(TrackerDatabase database)
{
    private static readonly LoggedMetric[] s_none = [];
    private static readonly Dictionary<string, string> s_nothing = [];

    private const string Runs = """
        SELECT r.id, r.sweep_id, r.external, r.title, u.user_name, r.state, coalesce(r.started_at, r.created_at), r.finished_at, r.deleted_at, r.notes,
          r.tags, r.attributes, CASE WHEN r.external THEN r.spec END, r.network, r.dataset, r.method, r.batch, r.small_batch, r.ghost_batch, r.seed,
          r.epochs, r.train_examples, r.learning_rate, r.weight_decay, r.momentum, r.clip, r.scaling, r.noise_variance, r.device, r.options, r.variant,
          (extract(epoch FROM coalesce(r.started_at, r.created_at)) * 1000)::bigint
        FROM runs r LEFT JOIN users u ON u.id = r.owner_id
        WHERE r.id = ANY(@runs) AND NOT r.purging
        """;

    // OFFSET 0 keeps it one look into the index for each run: of a thousand runs Postgres would otherwise read the whole table, 60 ms of 100,000 rows.
    private const string Latest = """
        SELECT l.run_id, n.name, l.value, l.wall_ms, l.step
        FROM unnest(@runs) AS wanted (id)
        CROSS JOIN LATERAL (SELECT run_id, metric_id, value, wall_ms, step FROM metric_latest WHERE run_id = wanted.id OFFSET 0) l
        JOIN metric_names n ON n.id = l.metric_id
        ORDER BY l.run_id, l.metric_id
        """;

    public async Task<IReadOnlyList<LoggedRun>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        var wanted = ids.ToArray();
        var metrics = new Dictionary<long, List<LoggedMetric>>();
        var latest = await database.QueryAsync(
            Latest, r => (RunId: r.GetInt64(0), Metric: new LoggedMetric(r.GetString(1), r.GetDouble(2), r.GetInt64(3), r.GetInt64(4))), cancellationToken, ("runs", wanted));
        foreach (var (runId, metric) in latest)
        {
            if (!metrics.TryGetValue(runId, out var of)) metrics[runId] = of = [];
            of.Add(metric);
        }
        var runs = (await database.QueryAsync(
            Runs, r => Read(r, metrics.TryGetValue(r.GetInt64(0), out var of) ? of : s_none), cancellationToken, ("runs", wanted))).ToDictionary(r => r.Id);
        return [.. ids.Where(runs.ContainsKey).Select(id => runs[id])];
    }

    private static LoggedRun Read(NpgsqlDataReader r, IReadOnlyList<LoggedMetric> metrics)
    {
        var external = r.GetBoolean(2);
        var spec = external ? null : ReadSpec(r);
        return new(
            r.GetInt64(0), r.GetInt64(1), external ? r.GetString(3) : spec!.Title, external, r.GetOrDefault<string>(4), r.GetEnum<RunState>(5),
            r.GetFieldValue<DateTimeOffset>(6), r.GetNullable<DateTimeOffset>(7), r.GetNullable<DateTimeOffset>(8),
            external ? Texts(r.GetString(12)) : OwnSettings.Of(spec!, r.GetString(30)),
            RunTags.Read(r.GetFieldValue<string[]>(10), Texts(r.GetString(11))), r.GetString(9), Timed(metrics, r.GetInt64(31)));
    }

    /// <summary>What a point has is the time since its run began; one that has not begun has none.</summary>
    private static IReadOnlyList<LoggedMetric> Timed(IReadOnlyList<LoggedMetric> metrics, long origin) =>
        metrics.Count == 0 ? metrics : [.. metrics.Select(m => m with { Timestamp = m.Timestamp + origin })];

    private static Dictionary<string, string> Texts(string json) => json == "{}" ? s_nothing : Json.Read<Dictionary<string, string>>(json);

    private static RunSpec ReadSpec(NpgsqlDataReader r)
    {
        var spec = new RunSpec(
            r.GetString(13), r.GetString(14), MethodNames.Read(r.GetString(15)), r.GetInt32(16), r.GetInt32(17), r.GetNullable<int>(18), r.GetInt32(19),
            r.GetInt32(20), r.GetInt32(21),
            new(r.GetDouble(22), r.GetDouble(23), r.GetDouble(24), r.GetDouble(25), r.GetEnum<LearningRateScaling>(26), r.GetNullable<double>(27)),
            r.GetEnum<DeviceClass>(28));
        return r.GetString(29) is var options && options == "{}" ? spec : SpecReader.ReadOptions(options, spec);
    }
}
