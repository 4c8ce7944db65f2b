-- Scheduling: where runs may go, who used how much, what like runs took, and why attempts ended.

ALTER TABLE hosts ADD COLUMN labels text[] NOT NULL DEFAULT '{}';
ALTER TABLE hosts ADD COLUMN removed_at timestamptz;

-- What a run asks of its place.
ALTER TABLE runs ADD COLUMN timing boolean NOT NULL DEFAULT false;
ALTER TABLE runs ADD COLUMN labels text[] NOT NULL DEFAULT '{}';
ALTER TABLE runs ADD COLUMN memory_bytes bigint CHECK (memory_bytes > 0);
-- Seconds on a device from start to end: measured on like runs, or a guess that is only good for putting longer runs first.
ALTER TABLE runs ADD COLUMN expected_seconds double precision NOT NULL DEFAULT 0 CHECK (expected_seconds >= 0);
-- Whether another run was on the device at any time.
ALTER TABLE runs ADD COLUMN shared boolean NOT NULL DEFAULT false;
-- Hosts that vanished in a row while they held the run.
ALTER TABLE runs ADD COLUMN host_losses integer NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN quarantined boolean NOT NULL DEFAULT false;
ALTER TABLE runs DROP CONSTRAINT runs_failure_kind_check;
ALTER TABLE runs ADD CONSTRAINT runs_failure_kind_check CHECK (failure_kind IN (
  'BadSpecification', 'BadData', 'OutOfMemory', 'Diverged', 'Killed', 'Crashed', 'HostLost', 'DatabaseAway'));
ALTER TABLE runs ADD CONSTRAINT runs_quarantined CHECK (NOT quarantined OR state = 'Failed');

-- A run is handed to the job engine in the moment in which it is given to a host's device; until then it waits here.
ALTER TABLE runs RENAME COLUMN released TO assigned;
ALTER TABLE runs DROP CONSTRAINT runs_released;
UPDATE runs SET assigned = state IN ('Starting', 'Running');
ALTER TABLE runs ADD CONSTRAINT runs_assigned
  CHECK (NOT assigned OR (state IN ('Queued', 'Starting', 'Running') AND host_id IS NOT NULL AND device_name IS NOT NULL));
ALTER TABLE runs DROP CONSTRAINT runs_host;
ALTER TABLE runs ADD CONSTRAINT runs_active_assigned CHECK (state NOT IN ('Starting', 'Running') OR assigned);
DROP INDEX runs_released;
DROP INDEX runs_held_back;
DROP INDEX runs_delayed;
DROP INDEX runs_active;
CREATE INDEX runs_assigned ON runs (host_id) WHERE assigned;
-- By what is left of the expected seconds: an interrupted run has less before it than one of its kind that never began.
CREATE INDEX runs_waiting ON runs (sweep_id, priority, (expected_seconds * (1 - step::double precision / total_steps)) DESC, queue_position)
  WHERE state = 'Queued' AND NOT assigned;

ALTER TABLE attempts ADD COLUMN failure_kind text CHECK (failure_kind IN (
  'BadSpecification', 'BadData', 'OutOfMemory', 'Diverged', 'Killed', 'Crashed', 'HostLost', 'DatabaseAway'));
-- The part of the device that the attempt had, and whether it was alone there.
ALTER TABLE attempts ADD COLUMN share real NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1);
ALTER TABLE attempts ADD COLUMN shared boolean NOT NULL DEFAULT false;
-- The process's start in clock ticks since the machine's: with it a process id means one process only.
ALTER TABLE attempts ADD COLUMN process_started bigint;
-- Writes that were refused because the attempt was over.
ALTER TABLE attempts ADD COLUMN refused_writes integer NOT NULL DEFAULT 0;
CREATE INDEX attempts_open ON attempts (host_id) WHERE ended_at IS NULL;

-- Device seconds of each user, which lose half their weight every day; as of a moment. Owner 0: runs of no user.
CREATE TABLE device_usage (
  owner_id bigint PRIMARY KEY,
  seconds  double precision NOT NULL,
  as_of    timestamptz NOT NULL
);

-- How fast finished runs went, evaluation included: natural logarithms of samples per second, as count, mean and sum of squared deviations.
CREATE TABLE run_rates (
  network      text NOT NULL,
  dataset      text NOT NULL,
  device_class text NOT NULL,
  device_model text NOT NULL,
  batch        integer NOT NULL,
  runs         integer NOT NULL,
  mean_log     double precision NOT NULL,
  square_log   double precision NOT NULL,
  peak_memory  bigint,
  PRIMARY KEY (network, dataset, device_class, device_model, batch)
);

-- Training samples per second of a finished run, evaluation included.
CREATE FUNCTION run_rate(run runs) RETURNS double precision
LANGUAGE sql STABLE
AS $$
  SELECT (run.result->>'epochs')::double precision * (run.train_examples - coalesce((run.options->>'validationExamples')::integer, 0))
    / nullif((run.result->>'trainSeconds')::double precision + (run.result->>'evalSeconds')::double precision, 0)
$$;

INSERT INTO run_rates (network, dataset, device_class, device_model, batch, runs, mean_log, square_log, peak_memory)
SELECT network, dataset, device_class, model, batch, count(*), avg(ln(rate)), coalesce(var_pop(ln(rate)) * count(*), 0), max(peak)
FROM (
  SELECT r.network, r.dataset, r.device_class, r.batch, run_rate(r) AS rate,
    CASE WHEN r.device_class = 'Cpu' THEN (r.result->>'peakMemoryBytes')::bigint END AS peak,
    coalesce((SELECT d->>'model' FROM hosts h CROSS JOIN jsonb_array_elements(h.devices) AS d WHERE h.id = r.host_id AND d->>'name' = r.device_name LIMIT 1), 'unknown') AS model
  FROM runs r WHERE r.state = 'Succeeded'
) measured
WHERE rate > 0
GROUP BY network, dataset, device_class, model, batch;
