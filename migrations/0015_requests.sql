-- Requests that clients may send again: whoever sends the same key twice is answered twice and has one change.

CREATE TABLE request_keys (
  user_id     bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  -- SHA-256 of method, address and body: another request under the same key is a fault of the client.
  request     bytea NOT NULL CHECK (length(request) = 32),
  -- Which execution of the request has the key. The transaction of the change checks it, so that of two only one changes something.
  claim       uuid NOT NULL,
  claimed_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  -- Set by the transaction of the change, with what it changed.
  changed_at  timestamptz,
  object_kind text,
  object_id   bigint,
  -- The answer, kept after the change.
  status       integer,
  content_type text,
  location     text,
  etag         text,
  body         bytea,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX request_keys_expires_at ON request_keys (expires_at);
