-- Accounts of programs, tokens that may administer, passwords that have to be changed; changes of accounts are told to every process.

ALTER TABLE users ADD COLUMN service boolean NOT NULL DEFAULT false;
ALTER TABLE users ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;
ALTER TABLE users ADD CONSTRAINT users_services_have_no_password CHECK (NOT service OR password_hash IS NULL);

-- What could administer still does.
ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_scope_check;
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_scope_check CHECK (scope IN ('read', 'write', 'admin'));
UPDATE api_tokens t SET scope = 'admin' FROM users u WHERE u.id = t.user_id AND u.role = 'admin' AND t.scope = 'write';

ALTER TABLE audit_log DROP CONSTRAINT audit_log_via_check;
ALTER TABLE audit_log ADD CONSTRAINT audit_log_via_check CHECK (via IN ('Session', 'Token', 'Service', 'System'));

-- Here rather than in the programs, so that a change by hand ends sessions as well.
CREATE FUNCTION tell_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('tracker_changes', 'Account/:' || OLD.id);
  RETURN NULL;
END $$;
CREATE TRIGGER users_are_told AFTER UPDATE ON users FOR EACH ROW
  WHEN ((OLD.user_name, OLD.role, OLD.security_stamp, OLD.disabled_at, OLD.must_change_password)
        IS DISTINCT FROM (NEW.user_name, NEW.role, NEW.security_stamp, NEW.disabled_at, NEW.must_change_password))
  EXECUTE FUNCTION tell_account();
CREATE TRIGGER users_deletion_is_told AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION tell_account();

CREATE FUNCTION tell_token_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('tracker_changes', 'Account/:' || OLD.user_id);
  RETURN NULL;
END $$;
CREATE TRIGGER token_revocations_are_told AFTER UPDATE ON api_tokens FOR EACH ROW
  WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at) EXECUTE FUNCTION tell_token_owner();
