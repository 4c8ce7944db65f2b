-- The recycle bin: who put things there, and what is being removed for good. Rules for what is kept of series, checkpoints and the bin itself.

ALTER TABLE runs ADD COLUMN deleted_by text;
-- On its way out: nobody sees it any more, nothing brings it back.
ALTER TABLE runs ADD COLUMN purging boolean NOT NULL DEFAULT false;
ALTER TABLE sweeps ADD COLUMN deleted_by text;
ALTER TABLE sweeps ADD COLUMN purging boolean NOT NULL DEFAULT false;
ALTER TABLE runs ADD CONSTRAINT runs_purging CHECK (NOT purging OR deleted_at IS NOT NULL);
ALTER TABLE sweeps ADD CONSTRAINT sweeps_purging CHECK (NOT purging OR deleted_at IS NOT NULL);
-- So nothing in the bin is ever scheduled: what waits is cancelled before it goes there.
ALTER TABLE runs ADD CONSTRAINT runs_deleted_over CHECK (deleted_at IS NULL OR external OR state IN ('Succeeded', 'Failed', 'Cancelled'));
CREATE INDEX runs_purging_id ON runs (id) WHERE purging;

-- Series of which only the least, the greatest and the last point of each bucket are kept.
ALTER TABLE metric_latest ADD COLUMN thinned boolean NOT NULL DEFAULT false;

-- Runs whose checkpoints hosts may remove from their disks. An entry outlives its run.
CREATE TABLE discarded_checkpoints (
  run_id bigint PRIMARY KEY,
  at     timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE retention_rules DROP CONSTRAINT retention_rules_kind_check;
ALTER TABLE retention_rules DROP CONSTRAINT retention_rules_days_check;
ALTER TABLE retention_rules ADD CONSTRAINT retention_rules_kind_check CHECK (kind IN ('Logs', 'Events', 'Points', 'Checkpoints', 'Bin'));
-- What is in the bin may go at once; all else stays for a day at least.
ALTER TABLE retention_rules ADD CONSTRAINT retention_rules_days_check CHECK (days BETWEEN CASE kind WHEN 'Bin' THEN 0 ELSE 1 END AND 36500);
INSERT INTO retention_rules (kind, days) VALUES ('Bin', 30);
ALTER TABLE retention_passes ADD COLUMN points bigint NOT NULL DEFAULT 0;
ALTER TABLE retention_passes ADD COLUMN checkpoints bigint NOT NULL DEFAULT 0;

-- Each experiment counts once, whatever was measured besides: by its latest finished run, or by its latest run while none has
-- finished. Cancelled runs and those in the recycle bin do not count.
CREATE OR REPLACE FUNCTION result_cells(only_sweep bigint)
RETURNS TABLE (
  network text, dataset text, small_batch integer, epochs integer, train_examples integer,
  learning_rate double precision, weight_decay double precision, momentum double precision, clip double precision, scaling text,
  variant text, batch integer, ghost_batch integer, table_column smallint,
  n integer, mean double precision, deviation double precision, best double precision,
  runs integer, running integer, queued integer, failed integer, progress double precision, run_ids bigint[])
LANGUAGE sql STABLE
AS $$
  WITH counted AS (
    SELECT DISTINCT ON (
      r.network, r.dataset, r.small_batch, r.epochs, r.train_examples, r.learning_rate, r.weight_decay, r.momentum, r.clip, r.scaling,
      r.variant, r.batch, r.ghost_batch, r.table_column, r.seed)
      r.id, r.network, r.dataset, r.small_batch, r.epochs, r.train_examples, r.learning_rate, r.weight_decay, r.momentum, r.clip, r.scaling,
      r.variant, r.batch, r.ghost_batch, r.table_column, r.seed, r.state, r.step, r.total_steps, r.selected_accuracy
    FROM runs r
    WHERE r.table_column IS NOT NULL
      AND r.state <> 'Cancelled'
      AND r.deleted_at IS NULL
      AND (only_sweep IS NULL OR r.id IN (SELECT s.run_id FROM sweep_runs s WHERE s.sweep_id = only_sweep))
    ORDER BY
      r.network, r.dataset, r.small_batch, r.epochs, r.train_examples, r.learning_rate, r.weight_decay, r.momentum, r.clip, r.scaling,
      r.variant, r.batch, r.ghost_batch, r.table_column, r.seed, (r.state = 'Succeeded') DESC, r.id DESC
  )
  SELECT
    r.network, r.dataset, r.small_batch, r.epochs, r.train_examples,
    r.learning_rate, r.weight_decay, r.momentum, r.clip, r.scaling,
    r.variant, r.batch, r.ghost_batch, r.table_column,
    count(r.selected_accuracy)::integer,
    avg(100 * r.selected_accuracy),
    stddev_samp(100 * r.selected_accuracy),
    max(100 * r.selected_accuracy),
    count(*)::integer,
    count(*) FILTER (WHERE r.state IN ('Starting', 'Running'))::integer,
    count(*) FILTER (WHERE r.state IN ('Queued', 'Paused'))::integer,
    count(*) FILTER (WHERE r.state = 'Failed')::integer,
    coalesce(avg(r.step::double precision / r.total_steps) FILTER (WHERE r.state IN ('Queued', 'Starting', 'Running', 'Paused')), 0),
    array_agg(r.id ORDER BY r.seed, r.id)
  FROM counted r
  GROUP BY
    r.network, r.dataset, r.small_batch, r.epochs, r.train_examples,
    r.learning_rate, r.weight_decay, r.momentum, r.clip, r.scaling,
    r.variant, r.batch, r.ghost_batch, r.table_column
$$;
