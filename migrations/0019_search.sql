-- Lists of runs by the time they began, as MLflow's clients ask for them; names of metrics that no run has any more.

-- The order that searches have by themselves there: the latest first, and of those that began at once the oldest.
CREATE INDEX runs_begun ON runs ((coalesce(started_at, created_at)) DESC, id) WHERE deleted_at IS NULL;

-- Names are few, and ids small numbers: those that no run has are freed. The product's own stay: the processes that train keep their ids.
ALTER TABLE metric_names ADD COLUMN kept boolean NOT NULL DEFAULT false;
-- Since when no run has it; a name that is unused for long is deleted. Whoever is about to use one takes the mark away first.
ALTER TABLE metric_names ADD COLUMN unused_since timestamptz;
UPDATE metric_names n SET kept = true
WHERE EXISTS (SELECT FROM metric_latest l JOIN runs r ON r.id = l.run_id WHERE l.metric_id = n.id AND NOT r.external);

-- Ids come around again: those of deleted names are taken by others. The sequence gives no two the same, and those in use are passed over.
ALTER TABLE metric_names ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE metric_ids AS smallint MINVALUE 1 MAXVALUE 32767 CYCLE OWNED BY metric_names.id;
SELECT setval('metric_ids', max(id)) FROM metric_names HAVING max(id) IS NOT NULL;

CREATE FUNCTION next_metric_id() RETURNS smallint
-- A plan that was made while there were few names would read all of them.
SET enable_seqscan = off
LANGUAGE plpgsql
AS $$
DECLARE
  free smallint;
BEGIN
  FOR i IN 1..32767 LOOP
    free := nextval('metric_ids');
    IF NOT EXISTS (SELECT FROM metric_names WHERE id = free) THEN RETURN free; END IF;
  END LOOP;
  RAISE EXCEPTION 'All ids of metrics are taken.';
END $$;

ALTER TABLE metric_names ALTER COLUMN id SET DEFAULT next_metric_id();
