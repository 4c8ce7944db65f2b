-- Which process of which machine a host is, so that a name belongs to one living process at a time.

ALTER TABLE hosts ADD COLUMN machine text NOT NULL DEFAULT '';
-- The process beyond its id, which comes again: ids mean something only between two starts of one machine.
ALTER TABLE hosts ADD COLUMN instance text NOT NULL DEFAULT '';

-- A host and all others of its machine, which have its devices in common.
CREATE FUNCTION hosts_of_machine(host bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE
AS $$
  SELECT h.id FROM hosts h WHERE h.id = host OR (h.machine <> '' AND h.machine = (SELECT machine FROM hosts WHERE id = host))
$$;
