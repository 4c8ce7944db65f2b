-- Sessions that their users have ended: a copy of their cookie opens nothing any more.

CREATE TABLE ended_sessions (
  id uuid PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  ended_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ended_sessions_user ON ended_sessions (user_id, ended_at);

CREATE FUNCTION tell_session_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('tracker_changes', 'Account/:' || NEW.user_id);
  RETURN NULL;
END $$;
CREATE TRIGGER session_ends_are_told AFTER INSERT ON ended_sessions FOR EACH ROW EXECUTE FUNCTION tell_session_owner();
