using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.Sweeps;

/// <summary>Reads sweeps with the counts of their runs.</summary>
internal sealed class SweepReader(TrackerDatabase database)
{
    /// <summary>
    /// Time left: the samples still to come at the rate of the sweep's runs with that batch (or of all its runs), divided by the runs
    /// that train at once. What programs outside once could add to a sweep of ours is none of the runs that it was submitted with, so none of its counts.
    /// </summary>
    private const string Select = """
        SELECT s.id, s.spec, s.name, s.notes, s.priority, u.user_name, s.created_at,
          c.queued, c.starting, c.running, c.paused, c.succeeded, c.failed, c.cancelled, c.reused, c.progress, e.eta, c.finished_at, s.external, s.attributes
        FROM sweeps s
        LEFT JOIN users u ON u.id = s.owner_id
        CROSS JOIN LATERAL (
          SELECT
            count(*) FILTER (WHERE r.state = 'Queued')::integer AS queued,
            count(*) FILTER (WHERE r.state = 'Starting')::integer AS starting,
            count(*) FILTER (WHERE r.state = 'Running')::integer AS running,
            count(*) FILTER (WHERE r.state = 'Paused')::integer AS paused,
            count(*) FILTER (WHERE r.state = 'Succeeded')::integer AS succeeded,
            count(*) FILTER (WHERE r.state = 'Failed')::integer AS failed,
            count(*) FILTER (WHERE r.state = 'Cancelled')::integer AS cancelled,
            count(*) FILTER (WHERE x.reused)::integer AS reused,
            coalesce(CASE WHEN s.external THEN avg((r.state IN ('Succeeded', 'Failed', 'Cancelled'))::integer)
              ELSE sum(CASE WHEN r.state = 'Succeeded' THEN r.total_steps ELSE r.step END)::double precision / nullif(sum(r.total_steps), 0) END, 0)::double precision AS progress,
            CASE WHEN bool_and(r.state IN ('Succeeded', 'Failed', 'Cancelled')) THEN max(r.finished_at) END AS finished_at
          FROM sweep_runs x JOIN runs r ON r.id = x.run_id
          WHERE x.sweep_id = s.id AND r.deleted_at IS NULL AND (s.external OR NOT r.external)
        ) c
        CROSS JOIN LATERAL (
          SELECT sum(l.samples / coalesce(l.batch_rate, l.rate)) / greatest(count(*) FILTER (WHERE l.state IN ('Starting', 'Running')), 1) AS eta
          FROM (
            SELECT r.state, (r.total_steps - r.step)::double precision * r.batch AS samples,
              avg(r.samples_per_second) OVER (PARTITION BY r.batch) AS batch_rate, avg(r.samples_per_second) OVER () AS rate
            FROM sweep_runs x JOIN runs r ON r.id = x.run_id
            WHERE x.sweep_id = s.id AND r.deleted_at IS NULL AND NOT r.external
          ) l
          WHERE l.state IN ('Queued', 'Starting', 'Running') AND NOT s.external
        ) e
        """;

    public async Task<SweepView?> FindAsync(long sweepId, CancellationToken cancellationToken) =>
        (await database.QueryAsync($"{Select} WHERE s.id = @id AND s.deleted_at IS NULL", Read, cancellationToken, ("id", sweepId))).SingleOrDefault();

    /// <summary>The state of <see cref="SweepView.State"/>, from the counts of the selection.</summary>
    private const string State = """
        CASE WHEN c.running + c.starting > 0 THEN 'Running' WHEN c.queued > 0 THEN 'Queued' WHEN c.paused > 0 THEN 'Paused'
          WHEN c.failed > 0 THEN 'Failed' WHEN c.cancelled > 0 THEN 'Cancelled' ELSE 'Succeeded' END
        """;

    public async Task<IReadOnlyList<SweepView>> ListAsync(SweepSearch search, CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
         {Select}
         WHERE s.id < @before AND s.deleted_at IS NULL AND {Shown} AND s.name ILIKE @name AND (@owner::text IS NULL OR u.user_name = @owner)
           AND (@network::text IS NULL OR s.spec->>'network' = @network) AND (@state::text IS NULL OR {State} = @state)
         ORDER BY s.id DESC LIMIT @limit
         """,
        Read, cancellationToken, ("before", search.BeforeId ?? long.MaxValue), ("name", TextPattern.Containing(search.Name ?? "")), ("owner", search.Owner),
        ("network", search.Network), ("state", search.State?.ToString()), ("limit", search.Limit));

    public async Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken) => await database.QueryAsync(
        "SELECT u.user_name FROM users u WHERE EXISTS (SELECT FROM sweeps s WHERE s.owner_id = u.id AND s.deleted_at IS NULL) ORDER BY u.user_name",
        row => row.GetString(0), cancellationToken);

    public async Task<SweepDeletion?> DeletionAsync(long sweepId, CancellationToken cancellationToken) => (await database.QueryAsync(
        """
        WITH own AS (
          SELECT r.id, r.state, (r.checkpoint->>'bytes')::bigint AS bytes,
            EXISTS (SELECT FROM sweep_runs x JOIN sweeps o ON o.id = x.sweep_id WHERE x.run_id = r.id AND x.sweep_id <> @sweep AND o.deleted_at IS NULL) AS kept
          FROM runs r WHERE r.sweep_id = @sweep AND r.deleted_at IS NULL
        )
        SELECT count(*) FILTER (WHERE NOT kept)::integer,
          (SELECT coalesce(sum(l.points), 0)::bigint FROM metric_latest l WHERE l.run_id IN (SELECT id FROM own WHERE NOT kept)),
          count(bytes) FILTER (WHERE NOT kept)::integer, coalesce(sum(bytes) FILTER (WHERE NOT kept), 0)::bigint,
          count(*) FILTER (WHERE kept)::integer, count(*) FILTER (WHERE state IN ('Starting', 'Running'))::integer
        FROM own HAVING EXISTS (SELECT FROM sweeps WHERE id = @sweep AND deleted_at IS NULL)
        """,
        row => new SweepDeletion(row.GetInt32(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3), row.GetInt32(4), row.GetInt32(5)),
        cancellationToken, ("sweep", sweepId))).SingleOrDefault();

    /// <summary>Where programs report that name no experiment is none as long as none did.</summary>
    private const string Shown = "(s.id <> 0 OR c.queued + c.starting + c.running + c.paused + c.succeeded + c.failed + c.cancelled > 0)";

    /// <summary>An experiment from outside trains nothing.</summary>
    private static readonly SweepSpec s_nothing = new(
        "", "", "", 0, [], [], [], [], 0, 0, [], [], 0, 0, LearningRateScaling.None, null, DeviceClass.Any, Priority.Normal, null, Rerun: false);

    private static SweepView Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetBoolean(18) ? s_nothing with { Name = row.GetString(2) } : SpecReader.ReadSweep(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetEnum<Priority>(4),
        row.GetOrDefault<string>(5), row.GetFieldValue<DateTimeOffset>(6),
        new RunCounts(row.GetInt32(7), row.GetInt32(8), row.GetInt32(9), row.GetInt32(10), row.GetInt32(11), row.GetInt32(12), row.GetInt32(13)),
        row.GetInt32(14), row.GetDouble(15), row.GetNullable<double>(16), row.GetNullable<DateTimeOffset>(17))
    {
        External = row.GetBoolean(18) ? new(Json.Read<Dictionary<string, string>>(row.GetString(19))) : null,
    };
}
