-- The cells of the tables of results as before, sorted without the specifications and results of all runs, which took a third of the time.

-- Each experiment counts once, whatever was measured besides: by its latest finished run, or by its latest run while none has
-- finished. Cancelled runs do not count.
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
