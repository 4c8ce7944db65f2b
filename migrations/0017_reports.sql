-- How reports of programs outside are written: in any order, several for a step, and again when an answer was lost.

-- The metric that tells how accurate a run is: of those with one of these names, and values from 0 to 1, the first. Letters are small in
-- the names, and there are neither _ nor -. Without any number at all the least value is NaN, which here is more than 1.
CREATE FUNCTION accuracy_metric(of_run bigint, names text[]) RETURNS smallint
LANGUAGE sql STABLE
AS $$
  SELECT l.metric_id FROM metric_latest l JOIN metric_names n ON n.id = l.metric_id
  WHERE l.run_id = of_run AND translate(lower(n.name), '_-', '') = ANY(names) AND l.min >= 0 AND l.max <= 1
  ORDER BY array_position(names, translate(lower(n.name), '_-', '')), n.id LIMIT 1
$$;

-- Adds points that lie behind all that their series has: metric, step, milliseconds since the run began, value, by metric and step.
CREATE FUNCTION append_points(of_run bigint, metrics smallint[], steps bigint[], times bigint[], vals double precision[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO metric_points (run_id, metric_id, step, epoch, wall_ms, value)
  SELECT of_run, n.metric, n.step, 0, n.at, n.value FROM unnest(metrics, steps, times, vals) AS n(metric, step, at, value);

  INSERT INTO metric_latest AS l (run_id, metric_id, points, first_step, step, epoch, wall_ms, value, min, max)
  SELECT of_run, n.metric, count(*), min(n.step), max(n.step), 0,
    (array_agg(n.at ORDER BY n.step DESC))[1], (array_agg(n.value ORDER BY n.step DESC))[1], min(n.value), -min(-n.value)
  FROM unnest(metrics, steps, times, vals) AS n(metric, step, at, value)
  GROUP BY n.metric ORDER BY n.metric
  ON CONFLICT (run_id, metric_id) DO UPDATE SET
    points = l.points + excluded.points, step = excluded.step, epoch = 0, wall_ms = excluded.wall_ms, value = excluded.value,
    min = least(l.min, excluded.min), max = -least(-l.max, -excluded.max);

  IF EXISTS (SELECT FROM metric_latest l WHERE l.run_id = of_run AND l.metric_id = ANY(metrics) AND l.finest IS NOT NULL) THEN
    INSERT INTO metric_rollups AS r (run_id, metric_id, level, bucket, points, step, epoch, wall_ms, value, min, max)
    SELECT of_run, n.metric, k.level, n.step >> k.level, count(*), max(n.step), 0,
      (array_agg(n.at ORDER BY n.step DESC))[1], (array_agg(n.value ORDER BY n.step DESC))[1], min(n.value), -min(-n.value)
    FROM unnest(metrics, steps, times, vals) AS n(metric, step, at, value)
    JOIN metric_latest l ON l.run_id = of_run AND l.metric_id = n.metric
    CROSS JOIN unnest(rollup_levels()) AS k(level)
    WHERE k.level >= l.finest
    GROUP BY n.metric, k.level, n.step >> k.level
    ON CONFLICT (run_id, metric_id, level, bucket) DO UPDATE SET
      points = r.points + excluded.points, step = excluded.step, epoch = 0, wall_ms = excluded.wall_ms, value = excluded.value,
      min = least(r.min, excluded.min), max = -least(-r.max, -excluded.max);
  END IF;
END $$;

-- Adds points of which some meet others: at each step the latest stays, by time, then value (NaN as 0, and below it); the others become repeats.
CREATE FUNCTION merge_points(of_run bigint, metrics smallint[], steps bigint[], times bigint[], vals double precision[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  changed record;
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
      array_agg(old_value) FILTER (WHERE later AND old_value <> 'NaN') AS former
    FROM new WHERE NOT met OR later
    GROUP BY metric ORDER BY metric
  LOOP
    INSERT INTO metric_latest AS l (run_id, metric_id, points, first_step, step, epoch, wall_ms, value, min, max)
    SELECT of_run, changed.metric, greatest(changed.added, 1), changed.first, p.step, 0, p.wall_ms, p.value, changed.low, changed.high
    FROM metric_points p WHERE p.run_id = of_run AND p.metric_id = changed.metric ORDER BY p.step DESC LIMIT 1
    ON CONFLICT (run_id, metric_id) DO UPDATE SET
      points = l.points + changed.added, first_step = least(l.first_step, excluded.first_step), step = excluded.step, epoch = 0,
      wall_ms = excluded.wall_ms, value = excluded.value, min = least(l.min, excluded.min), max = -least(-l.max, -excluded.max);
    -- The least or greatest value may be among those that were replaced.
    UPDATE metric_latest l SET min = e.low, max = e.high
    FROM (
      SELECT min(p.value) AS low, -min(-p.value) AS high FROM metric_points p WHERE p.run_id = of_run AND p.metric_id = changed.metric
    ) e
    WHERE l.run_id = of_run AND l.metric_id = changed.metric AND (l.min = ANY(changed.former) OR l.max = ANY(changed.former));
    DELETE FROM metric_rollups r
    WHERE r.run_id = of_run AND r.metric_id = changed.metric AND r.bucket >= changed.first >> r.level;
    PERFORM roll_up(of_run, changed.metric, l.finest, changed.first)
    FROM metric_latest l WHERE l.run_id = of_run AND l.metric_id = changed.metric AND l.finest IS NOT NULL;
  END LOOP;
END $$;

-- Takes up a report on a run: points by metric and step, no two with both the same; others that share these with one of them and are
-- earlier; times in milliseconds since 1970. Everything that says something of a run from outside comes through here: it has been heard of.
-- Answers nothing without such a run, and changes nothing of one that the product trains or that lies in the recycle bin, nor where points are
-- to go between those of a series of which only buckets are kept, whose metric it names.
CREATE FUNCTION log_points(
  of_run bigint, metrics smallint[], steps bigint[], times bigint[], vals double precision[],
  earlier_metrics smallint[], earlier_steps bigint[], earlier_times bigint[], earlier_vals double precision[], accuracies text[])
RETURNS TABLE (sweep_id bigint, external boolean, deleted boolean, thinned text)
LANGUAGE plpgsql
AS $$
DECLARE
  run record;
  meets boolean;
  closed text;
  walls bigint[];
  former smallint;
  chosen smallint;
  seen double precision;
BEGIN
  SELECT r.sweep_id, r.external, r.deleted_at IS NOT NULL AS deleted, r.external AND r.state = 'Failed' AND r.failure_kind = 'HostLost' AS lost,
    (extract(epoch FROM r.started_at) * 1000)::bigint AS origin
  INTO run FROM runs r WHERE r.id = of_run AND NOT r.purging FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF NOT run.external OR run.deleted THEN
    RETURN QUERY SELECT run.sweep_id, run.external, run.deleted, NULL::text;
    RETURN;
  END IF;
  SELECT bool_or(true), min(m.name) FILTER (WHERE l.thinned) INTO meets, closed
  FROM (SELECT n.metric, min(n.step) AS first FROM unnest(metrics, steps) AS n(metric, step) GROUP BY n.metric) n
  JOIN metric_latest l ON l.run_id = of_run AND l.metric_id = n.metric AND n.first <= l.step
  JOIN metric_names m ON m.id = n.metric;
  IF closed IS NOT NULL THEN
    RETURN QUERY SELECT run.sweep_id, run.external, run.deleted, closed;
    RETURN;
  END IF;
  IF run.lost THEN
    UPDATE runs r SET state = 'Running', state_since = now(), failure_kind = NULL, failure_reason = NULL, finished_at = NULL WHERE r.id = of_run;
    INSERT INTO events (run_id, level, message) VALUES (of_run, 'Info', 'Its program was heard of again.');
  END IF;
  IF cardinality(metrics) > 0 THEN
    SELECT array_agg(t.at - run.origin ORDER BY t.place) INTO walls FROM unnest(times) WITH ORDINALITY AS t(at, place);
    IF accuracies IS NOT NULL THEN former := accuracy_metric(of_run, accuracies); END IF;
    IF meets THEN
      PERFORM merge_points(of_run, metrics, steps, walls, vals);
    ELSE
      PERFORM append_points(of_run, metrics, steps, walls, vals);
    END IF;
    INSERT INTO metric_repeats (run_id, metric_id, step, wall_ms, value)
    SELECT of_run, n.metric, n.step, n.at - run.origin, n.value
    FROM unnest(earlier_metrics, earlier_steps, earlier_times, earlier_vals) AS n(metric, step, at, value)
    ON CONFLICT DO NOTHING;
    -- A series that has become long: all of its points so far go into buckets.
    PERFORM roll_up(of_run, l.metric_id, finest_level(l.points, l.first_step, l.step), l.first_step)
    FROM metric_latest l WHERE l.run_id = of_run AND l.metric_id = ANY(metrics) AND l.finest IS NULL AND l.points > 1024
      AND finest_level(l.points, l.first_step, l.step) IS NOT NULL;
    UPDATE metric_latest l SET finest = finest_level(l.points, l.first_step, l.step)
    WHERE l.run_id = of_run AND l.metric_id = ANY(metrics) AND l.finest IS NULL AND l.points > 1024;
  END IF;
  IF accuracies IS NOT NULL THEN
    chosen := accuracy_metric(of_run, accuracies);
    SELECT max(v.value) INTO seen FROM (
      SELECT n.value FROM unnest(metrics, vals) AS n(metric, value) WHERE n.metric = chosen AND n.value BETWEEN 0 AND 1
      UNION ALL
      SELECT n.value FROM unnest(earlier_metrics, earlier_vals) AS n(metric, value) WHERE n.metric = chosen AND n.value BETWEEN 0 AND 1
    ) v;
  END IF;
  UPDATE runs r SET reported_at = now(), step = greatest(r.step, s.last), total_steps = greatest(r.total_steps, s.last),
    best_accuracy = CASE
      WHEN accuracies IS NULL THEN r.best_accuracy
      WHEN chosen IS NOT NULL THEN greatest(l.max, seen, CASE WHEN chosen = former THEN r.best_accuracy END) END,
    final_accuracy = CASE WHEN accuracies IS NULL THEN r.final_accuracy WHEN l.value BETWEEN 0 AND 1 THEN l.value END,
    selected_accuracy = CASE WHEN accuracies IS NULL THEN r.selected_accuracy WHEN l.value BETWEEN 0 AND 1 THEN l.value END
  FROM (SELECT max(n.step) AS last FROM unnest(steps) AS n(step)) s LEFT JOIN metric_latest l ON l.run_id = of_run AND l.metric_id = chosen
  WHERE r.id = of_run;
  RETURN QUERY SELECT run.sweep_id, run.external, run.deleted, NULL::text;
END $$;
