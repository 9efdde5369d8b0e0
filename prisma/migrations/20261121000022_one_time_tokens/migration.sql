-- Links that are sent by mail: each for one purpose, one person, one use and a short time. Only a hash of it is kept.
CREATE TYPE token_purpose AS ENUM ('reset_password', 'unlock');

CREATE TABLE one_time_tokens (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  purpose token_purpose NOT NULL,
  secret_hash text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  CONSTRAINT one_time_tokens_hash CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT one_time_tokens_order CHECK (created_at < expires_at),
  CONSTRAINT one_time_tokens_used CHECK (used_at < expires_at)
);
CREATE UNIQUE INDEX one_time_tokens_secret_hash_key ON one_time_tokens (secret_hash);
CREATE INDEX one_time_tokens_user_id_idx ON one_time_tokens (user_id);

ALTER TABLE one_time_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON one_time_tokens TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_tokens TO app_system;

-- Whoever brings a link is not signed in. Such a link is looked up and used up there; only the worker that mails it makes it.
CREATE POLICY sign_in ON one_time_tokens TO app_sign_in USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (used_at) ON one_time_tokens TO app_sign_in;
