-- Accounts: one role for each user, users that may be disabled, tokens that may only read; who changed what; what is kept for how long.

-- Three roles that the product knows need no tables of their own: a user has exactly one.
ALTER TABLE users ADD COLUMN role text NOT NULL DEFAULT 'member' CHECK (role IN ('viewer', 'member', 'admin'));
UPDATE users u SET role = 'admin'
WHERE EXISTS (SELECT 1 FROM user_roles m JOIN roles r ON r.id = m.role_id WHERE m.user_id = u.id AND r.name = 'admin');
DROP TABLE role_claims;
DROP TABLE user_roles;
DROP TABLE roles;
ALTER TABLE users ADD COLUMN disabled_at timestamptz;
ALTER TABLE users ADD COLUMN last_seen_at timestamptz;

ALTER TABLE api_tokens ADD COLUMN scope text NOT NULL DEFAULT 'write' CHECK (scope IN ('read', 'write'));

-- Entries outlive whom and what they name, so nothing here refers to other tables.
CREATE TABLE audit_log (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL DEFAULT now(),
  user_id     bigint,
  user_name   text NOT NULL,
  via         text NOT NULL CHECK (via IN ('Session', 'Token', 'System')),
  token       text,
  address     text,
  action      text NOT NULL,
  object_kind text NOT NULL,
  object_id   bigint,
  object_name text,
  before      jsonb,
  after       jsonb
);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_user_name ON audit_log (lower(user_name), id DESC);
CREATE INDEX audit_log_object ON audit_log (object_kind, object_id, id DESC);
CREATE INDEX audit_log_action ON audit_log (action, id DESC);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is only ever added to.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- What is not listed is kept for ever.
CREATE TABLE retention_rules (
  kind text PRIMARY KEY CHECK (kind IN ('Logs', 'Events')),
  days integer NOT NULL CHECK (days BETWEEN 1 AND 36500)
);

CREATE TABLE retention_passes (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz,
  logs       bigint NOT NULL DEFAULT 0,
  events     bigint NOT NULL DEFAULT 0
);
