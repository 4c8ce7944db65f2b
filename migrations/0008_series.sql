-- What series are read by without reading all their points: the latest value of each, and buckets of long ones.
-- Whoever adds or deletes points keeps both exact in the same transaction, with the run locked.

CREATE TABLE metric_latest (
  run_id     bigint NOT NULL,
  metric_id  smallint NOT NULL,
  -- Buckets of 2^finest steps are the narrowest in metric_rollups; NULL while the series is short enough to be read by its points.
  finest     smallint,
  epoch      real NOT NULL,
  points     bigint NOT NULL CHECK (points > 0),
  first_step bigint NOT NULL,
  -- Of the last point by step.
  step       bigint NOT NULL,
  wall_ms    bigint NOT NULL,
  value      double precision NOT NULL,
  -- NaN only where every value is.
  min        double precision NOT NULL,
  max        double precision NOT NULL,
  PRIMARY KEY (run_id, metric_id)
);
CREATE INDEX metric_latest_value ON metric_latest (metric_id, value);

-- Bucket b of a level holds the points of steps b * 2^level to (b + 1) * 2^level - 1; one without points has no row.
CREATE TABLE metric_rollups (
  run_id    bigint NOT NULL,
  metric_id smallint NOT NULL,
  level     smallint NOT NULL,
  points    integer NOT NULL,
  bucket    bigint NOT NULL,
  step      bigint NOT NULL,
  wall_ms   bigint NOT NULL,
  value     double precision NOT NULL,
  min       double precision NOT NULL,
  max       double precision NOT NULL,
  epoch     real NOT NULL,
  PRIMARY KEY (run_id, metric_id, level, bucket)
);

-- Each level is eight times as wide as the one before: all together have a row for every 28 points, and a chart reads at most eight rows for a bucket.
CREATE FUNCTION rollup_levels() RETURNS smallint[]
LANGUAGE sql IMMUTABLE
AS $$ SELECT '{5,8,11,14}'::smallint[] $$;

-- The narrowest level worth keeping: one that has a row for four points. None for short series, which most are: their points are read as fast.
CREATE FUNCTION finest_level(points bigint, first_step bigint, last_step bigint) RETURNS smallint
LANGUAGE sql IMMUTABLE
AS $$ SELECT min(level) FROM unnest(rollup_levels()) AS level WHERE points > 1024 AND (last_step - first_step) >> level < points / 4 $$;

-- Makes the buckets of a series that hold points from a step on; they must not be there.
CREATE FUNCTION roll_up(of_run bigint, of_metric smallint, finest smallint, from_step bigint) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO metric_rollups (run_id, metric_id, level, bucket, points, min, max, step, epoch, wall_ms, value)
  SELECT of_run, of_metric, b.level, b.bucket, b.points, b.low, b.high, p.step, p.epoch, p.wall_ms, p.value
  FROM unnest(rollup_levels()) AS kept(level)
  CROSS JOIN LATERAL (
    -- The greatest of the values that are numbers: for max() NaN is greater than all.
    SELECT kept.level, p.step >> kept.level AS bucket, count(*) AS points, min(p.value) AS low, -min(-p.value) AS high, max(p.step) AS last
    FROM metric_points p
    WHERE p.run_id = of_run AND p.metric_id = of_metric AND p.step >= ((from_step >> kept.level) << kept.level)
    GROUP BY p.step >> kept.level
  ) b
  JOIN metric_points p ON p.run_id = of_run AND p.metric_id = of_metric AND p.step = b.last
  WHERE kept.level >= finest
$$;

-- Makes all of it anew from the points, of some runs or of all.
CREATE FUNCTION summarise_series(of_runs bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  DELETE FROM metric_latest WHERE of_runs IS NULL OR run_id = ANY(of_runs);
  DELETE FROM metric_rollups WHERE of_runs IS NULL OR run_id = ANY(of_runs);
  INSERT INTO metric_latest (run_id, metric_id, finest, points, first_step, step, epoch, wall_ms, value, min, max)
  SELECT s.run_id, s.metric_id, finest_level(s.points, s.first, s.last), s.points, s.first, p.step, p.epoch, p.wall_ms, p.value, s.low, s.high
  FROM (
    SELECT run_id, metric_id, count(*) AS points, min(step) AS first, max(step) AS last, min(value) AS low, -min(-value) AS high
    FROM metric_points WHERE of_runs IS NULL OR run_id = ANY(of_runs)
    GROUP BY run_id, metric_id
  ) s
  JOIN metric_points p ON p.run_id = s.run_id AND p.metric_id = s.metric_id AND p.step = s.last;
  PERFORM roll_up(run_id, metric_id, finest, first_step) FROM metric_latest
  WHERE finest IS NOT NULL AND (of_runs IS NULL OR run_id = ANY(of_runs));
END $$;

-- Deletes the points of a run from a step on, those of evaluations from another one on.
CREATE FUNCTION forget_points(of_run bigint, from_step bigint, evaluations_from bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  series record;
  gone bigint;
BEGIN
  FOR series IN
    SELECT l.metric_id, l.finest, l.points, l.step,
      CASE WHEN n.name LIKE 'validation/%' OR n.name LIKE 'test/%' THEN evaluations_from ELSE from_step END AS cut
    FROM metric_latest l JOIN metric_names n ON n.id = l.metric_id WHERE l.run_id = of_run
  LOOP
    CONTINUE WHEN series.step < series.cut;
    DELETE FROM metric_points WHERE run_id = of_run AND metric_id = series.metric_id AND step >= series.cut;
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM metric_rollups r WHERE r.run_id = of_run AND r.metric_id = series.metric_id AND r.bucket >= series.cut >> r.level;
    IF gone = series.points THEN
      DELETE FROM metric_latest WHERE run_id = of_run AND metric_id = series.metric_id;
      CONTINUE;
    END IF;
    PERFORM roll_up(of_run, series.metric_id, series.finest, series.cut) WHERE series.finest IS NOT NULL;
    UPDATE metric_latest l
    SET points = l.points - gone, step = p.step, epoch = p.epoch, wall_ms = p.wall_ms, value = p.value, min = e.low, max = e.high
    FROM (
      SELECT * FROM metric_points WHERE run_id = of_run AND metric_id = series.metric_id ORDER BY step DESC LIMIT 1
    ) p, (
      SELECT min(v.low) AS low, -min(-v.high) AS high FROM (
        SELECT min AS low, max AS high FROM metric_rollups
        WHERE run_id = of_run AND metric_id = series.metric_id AND level = (SELECT max(k) FROM unnest(rollup_levels()) AS k)
        UNION ALL
        SELECT value, value FROM metric_points WHERE run_id = of_run AND metric_id = series.metric_id AND series.finest IS NULL
      ) v
    ) e
    WHERE l.run_id = of_run AND l.metric_id = series.metric_id;
  END LOOP;
END $$;

-- The first step of a series at which its epoch, or its seconds, have come to a value; NULL when they have not. Both grow with the step, so halving finds it.
CREATE FUNCTION step_reaching(of_run bigint, of_metric smallint, first_step bigint, last_step bigint, by_time boolean, place double precision) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
  low bigint := first_step;
  high bigint := last_step;
  middle bigint;
  found_step bigint;
  reached boolean;
  answer bigint;
BEGIN
  WHILE low <= high LOOP
    middle := low + (high - low) / 2;
    SELECT p.step, CASE WHEN by_time THEN p.wall_ms / 1000.0 ELSE p.epoch END >= place INTO found_step, reached
    FROM metric_points p WHERE p.run_id = of_run AND p.metric_id = of_metric AND p.step BETWEEN middle AND high ORDER BY p.step LIMIT 1;
    IF found_step IS NULL THEN
      high := middle - 1;
    ELSIF reached THEN
      answer := found_step;
      high := middle - 1;
    ELSE
      low := found_step + 1;
    END IF;
  END LOOP;
  RETURN answer;
END $$;

SELECT summarise_series(NULL);
