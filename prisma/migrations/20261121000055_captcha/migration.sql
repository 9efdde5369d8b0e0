-- Challenges that were solved and used: each once, and remembered for as long as it would be good.
CREATE TABLE spent_challenges (
  id text PRIMARY KEY,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT spent_challenges_id CHECK (id ~ '^[0-9a-f]{32}$')
);
CREATE INDEX spent_challenges_expires_at_idx ON spent_challenges (expires_at);

ALTER TABLE spent_challenges ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON spent_challenges TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON spent_challenges TO app_system;

-- Who is not signed in uses them, and clears away those that are good for nothing any more: never one that still is. A
-- minute later than that, since the clocks of the database and of the process that judges a challenge may differ.
CREATE POLICY sign_in ON spent_challenges FOR INSERT TO app_sign_in WITH CHECK (true);
CREATE POLICY sign_in_old ON spent_challenges FOR SELECT TO app_sign_in USING (expires_at < now() - interval '1 minute');
CREATE POLICY sign_in_clear ON spent_challenges FOR DELETE TO app_sign_in USING (expires_at < now() - interval '1 minute');
GRANT INSERT, DELETE, SELECT (id, expires_at) ON spent_challenges TO app_sign_in;
