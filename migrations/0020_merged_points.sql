-- A program that resumes reports steps again that lie far behind the last one: what they cost must not grow with all that comes after them.

-- Makes the buckets anew that hold some steps: the narrowest from their points, each wider one from those within it.
CREATE FUNCTION renew_buckets(of_run bigint, of_metric smallint, finest smallint, steps bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  wide smallint;
  narrow smallint;
BEGIN
  FOR wide IN SELECT k FROM unnest(rollup_levels()) AS k WHERE k >= finest ORDER BY k LOOP
    INSERT INTO metric_rollups AS r (run_id, metric_id, level, bucket, points, step, epoch, wall_ms, value, min, max)
    SELECT of_run, of_metric, wide, t.bucket, b.points, b.step, b.epoch, b.wall_ms, b.value, b.low, b.high
    FROM (SELECT DISTINCT s.step >> wide AS bucket FROM unnest(steps) AS s(step)) t
    CROSS JOIN LATERAL (
      SELECT sum(v.points) AS points, max(v.step) AS step, (array_agg(v.epoch ORDER BY v.step DESC))[1] AS epoch,
        (array_agg(v.wall_ms ORDER BY v.step DESC))[1] AS wall_ms, (array_agg(v.value ORDER BY v.step DESC))[1] AS value,
        min(v.low) AS low, -min(-v.high) AS high
      FROM (
        SELECT 1 AS points, p.step, p.epoch, p.wall_ms, p.value, p.value AS low, p.value AS high
        FROM metric_points p
        WHERE narrow IS NULL AND p.run_id = of_run AND p.metric_id = of_metric AND p.step BETWEEN t.bucket << wide AND ((t.bucket + 1) << wide) - 1
        UNION ALL
        SELECT n.points, n.step, n.epoch, n.wall_ms, n.value, n.min, n.max
        FROM metric_rollups n
        WHERE narrow IS NOT NULL AND n.run_id = of_run AND n.metric_id = of_metric AND n.level = narrow
          AND n.bucket BETWEEN t.bucket << (wide - narrow) AND ((t.bucket + 1) << (wide - narrow)) - 1
      ) v
    ) b
    ON CONFLICT (run_id, metric_id, level, bucket) DO UPDATE SET
      points = excluded.points, step = excluded.step, epoch = excluded.epoch, wall_ms = excluded.wall_ms, value = excluded.value,
      min = excluded.min, max = excluded.max;
    narrow := wide;
  END LOOP;
END $$;

-- Adds points of which some meet others: at each step the latest stays, by time, then value (NaN as 0, and below it); the others become repeats.
CREATE OR REPLACE FUNCTION merge_points(of_run bigint, metrics smallint[], steps bigint[], times bigint[], vals double precision[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  changed record;
  narrowest smallint;
BEGIN
  FOR changed IN
    WITH new AS MATERIALIZED (
      SELECT n.metric, n.step, n.at, n.value, p.run_id IS NOT NULL AS met, p.wall_ms AS old_at, p.value AS old_value,
        coalesce((n.at, CASE WHEN n.value = 'NaN' THEN 0 ELSE n.value END, n.value <> 'NaN')
          > (p.wall_ms, CASE WHEN p.value = 'NaN' THEN 0 ELSE p.value END, p.value <> 'NaN'), false) AS later
      FROM unnest(metrics, steps, times, vals) AS n(metric, step, at, value)
      LEFT JOIN metric_points p ON p.run_id = of_run AND p.metric_id = n.metric AND p.step = n.step
    ), added AS (
      INSERT INTO metric_points (run_id, metric_id, step, epoch, wall_ms, value)
      SELECT of_run, metric, step, 0, at, value FROM new WHERE NOT met
    ), replaced AS (
      UPDATE metric_points p SET wall_ms = n.at, value = n.value FROM new n
      WHERE n.later AND p.run_id = of_run AND p.metric_id = n.metric AND p.step = n.step
    ), repeated AS (
      INSERT INTO metric_repeats (run_id, metric_id, step, wall_ms, value)
      SELECT of_run, metric, step, CASE WHEN later THEN old_at ELSE at END, CASE WHEN later THEN old_value ELSE value END
      FROM new WHERE met AND (later OR at <> old_at OR value <> old_value)
      ON CONFLICT DO NOTHING
    )
    SELECT metric, count(*) FILTER (WHERE NOT met) AS added, min(step) AS first, min(value) AS low, -min(-value) AS high,
      array_agg(old_value) FILTER (WHERE later AND old_value <> 'NaN') AS former, array_agg(step) AS steps
    FROM new WHERE NOT met OR later
    GROUP BY metric ORDER BY metric
  LOOP
    INSERT INTO metric_latest AS l (run_id, metric_id, points, first_step, step, epoch, wall_ms, value, min, max)
    SELECT of_run, changed.metric, greatest(changed.added, 1), changed.first, p.step, 0, p.wall_ms, p.value, changed.low, changed.high
    FROM metric_points p WHERE p.run_id = of_run AND p.metric_id = changed.metric ORDER BY p.step DESC LIMIT 1
    ON CONFLICT (run_id, metric_id) DO UPDATE SET
      points = l.points + changed.added, first_step = least(l.first_step, excluded.first_step), step = excluded.step, epoch = 0,
      wall_ms = excluded.wall_ms, value = excluded.value, min = least(l.min, excluded.min), max = -least(-l.max, -excluded.max);
    SELECT l.finest INTO narrowest FROM metric_latest l WHERE l.run_id = of_run AND l.metric_id = changed.metric;
    PERFORM renew_buckets(of_run, changed.metric, narrowest, changed.steps) WHERE narrowest IS NOT NULL;
    -- The least or greatest value may be among those that were replaced. The widest buckets, where there are any, know it as well as the points.
    UPDATE metric_latest l SET min = e.low, max = e.high
    FROM (
      SELECT min(v.low) AS low, -min(-v.high) AS high FROM (
        SELECT r.min AS low, r.max AS high FROM metric_rollups r
        WHERE narrowest IS NOT NULL AND r.run_id = of_run AND r.metric_id = changed.metric AND r.level = (SELECT max(k) FROM unnest(rollup_levels()) AS k)
        UNION ALL
        SELECT p.value, p.value FROM metric_points p WHERE narrowest IS NULL AND p.run_id = of_run AND p.metric_id = changed.metric
      ) v
    ) e
    WHERE l.run_id = of_run AND l.metric_id = changed.metric AND (l.min = ANY(changed.former) OR l.max = ANY(changed.former));
  END LOOP;
END $$;

-- When a failure counts as one: a program outside may say that its run ends in the future.
CREATE INDEX runs_failed_when ON runs (least(finished_at, state_since) DESC) WHERE state = 'Failed';
DROP INDEX runs_failed;
