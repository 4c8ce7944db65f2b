-- Experiments and runs that programs outside report, by the interface of MLflow; what lies in the recycle bin.

-- An experiment of such a program has no specification: its spec is empty.
ALTER TABLE sweeps ADD COLUMN external boolean NOT NULL DEFAULT false;
-- Tags by which programs outside describe it: an object of texts.
ALTER TABLE sweeps ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}';
ALTER TABLE sweeps ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE sweeps ADD COLUMN deleted_at timestamptz;
UPDATE sweeps SET changed_at = created_at;
CREATE UNIQUE INDEX sweeps_external_name ON sweeps (name) WHERE external AND deleted_at IS NULL;
CREATE INDEX sweeps_deleted ON sweeps (deleted_at) WHERE deleted_at IS NOT NULL;

-- Where programs report to that name no experiment.
INSERT INTO sweeps (id, name, spec, priority, external) VALUES (0, 'Default', '{}', 'Normal', true);

-- The spec of a run from outside is its parameters, an object of texts; its columns have what was understood of them.
ALTER TABLE runs ADD COLUMN external boolean NOT NULL DEFAULT false;
-- The name that the program gave it.
ALTER TABLE runs ADD COLUMN title text;
ALTER TABLE runs ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}';
-- When its program was last heard of.
ALTER TABLE runs ADD COLUMN reported_at timestamptz;
ALTER TABLE runs ADD COLUMN deleted_at timestamptz;
CREATE INDEX runs_reported ON runs (reported_at) WHERE external AND state = 'Running';
CREATE INDEX runs_deleted ON runs (deleted_at) WHERE deleted_at IS NOT NULL;

ALTER TABLE runs DROP CONSTRAINT runs_result;
ALTER TABLE runs ADD CONSTRAINT runs_result CHECK (
  external OR (state = 'Succeeded') = (result IS NOT NULL AND final_accuracy IS NOT NULL AND selected_accuracy IS NOT NULL));
ALTER TABLE runs DROP CONSTRAINT runs_active_assigned;
ALTER TABLE runs ADD CONSTRAINT runs_active_assigned CHECK (external OR state NOT IN ('Starting', 'Running') OR assigned);
-- What the product does not train never waits in its queue: one that its program has only scheduled is held.
ALTER TABLE runs ADD CONSTRAINT runs_external CHECK (
  external = (title IS NOT NULL) AND external = (reported_at IS NOT NULL)
  AND (NOT external OR (state NOT IN ('Queued', 'Starting') AND NOT assigned AND table_column IS NULL)));

-- Points that share run, metric and step with a later one, which is in metric_points: programs outside may report several. NaN equals NaN here.
CREATE TABLE metric_repeats (
  run_id    bigint NOT NULL,
  metric_id smallint NOT NULL,
  step      bigint NOT NULL,
  wall_ms   bigint NOT NULL,
  value     double precision NOT NULL,
  PRIMARY KEY (run_id, metric_id, step, wall_ms, value)
);
