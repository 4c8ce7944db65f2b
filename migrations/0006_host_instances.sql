-- Which process of which machine a host is, so that a name belongs to one living process at a time.

ALTER TABLE hosts ADD COLUMN machine text NOT NULL DEFAULT '';
-- The process beyond its id, which comes again: ids mean something only between two starts of one machine.
ALTER TABLE hosts ADD COLUMN instance text NOT NULL DEFAULT '';
