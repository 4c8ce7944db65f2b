-- Taken as the last lock before a commit, so it is part of no cycle. The purge of the recycle bin has the number before this one for minutes.
CREATE OR REPLACE FUNCTION lock_webhooks() RETURNS void LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(7266411005) $$;

-- Tells that a sweep is over, if this was the last of its runs. Experiments of programs outside never are: more runs may come at any time;
-- and what programs once could add to a sweep of ours is none of the runs that it was submitted with.
CREATE OR REPLACE FUNCTION tell_sweep_end(run runs) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  sweep  sweeps;
  counts record;
  -- The sweeps that this transaction has looked at, each between two commas.
  seen   text := coalesce(nullif(current_setting('tracker.sweeps_seen', true), ''), ',');
BEGIN
  IF run.external OR NOT webhook_wants(ARRAY['sweep.finished', 'sweep.failed']) THEN RETURN; END IF;
  -- At the commit all changes of this transaction are made already, so its first look at a sweep sees them all: one for each of its runs
  -- would take minutes where thousands end together.
  IF strpos(seen, ',' || run.sweep_id || ',') > 0 THEN RETURN; END IF;
  PERFORM set_config('tracker.sweeps_seen', seen || run.sweep_id || ',', true);
  SELECT * INTO sweep FROM sweeps WHERE id = run.sweep_id AND NOT external AND deleted_at IS NULL;
  IF NOT FOUND THEN RETURN; END IF;
  IF EXISTS (SELECT FROM runs WHERE sweep_id = sweep.id AND deleted_at IS NULL AND NOT external AND state NOT IN ('Succeeded', 'Failed', 'Cancelled')) THEN RETURN; END IF;
  SELECT count(*) AS all_runs, count(*) FILTER (WHERE state = 'Succeeded') AS succeeded, count(*) FILTER (WHERE state = 'Failed') AS failed,
    count(*) FILTER (WHERE state = 'Cancelled') AS cancelled
  INTO counts FROM runs WHERE sweep_id = sweep.id AND deleted_at IS NULL AND NOT external;
  IF counts.all_runs = 0 THEN RETURN; END IF;
  PERFORM tell_webhooks(CASE WHEN counts.failed > 0 THEN 'sweep.failed' ELSE 'sweep.finished' END, NULL, sweep.id, run.network, run.dataset,
    jsonb_build_object('sweep', webhook_sweep(sweep) || jsonb_build_object(
      'runs', counts.all_runs, 'succeeded', counts.succeeded, 'failed', counts.failed, 'cancelled', counts.cancelled)));
END $$;
