-- What tells machines apart, since names such as localhost come more than once; and since when a run has its device.

ALTER TABLE hosts ADD COLUMN machine_id text NOT NULL DEFAULT '';

CREATE OR REPLACE FUNCTION hosts_of_machine(host bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE
AS $$
  SELECT h.id FROM hosts h WHERE h.id = host OR (h.machine_id <> '' AND h.machine_id = (SELECT machine_id FROM hosts WHERE id = host))
$$;

ALTER TABLE runs ADD COLUMN assigned_at timestamptz;
