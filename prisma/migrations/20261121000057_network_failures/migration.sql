-- Sign-ins that failed, by network: what an account's count does not see, guesses at many accounts from one place.
CREATE TABLE network_failures (
  network text PRIMARY KEY,
  failed_sign_ins int NOT NULL,
  last_failed_at timestamptz(3) NOT NULL,
  CONSTRAINT network_failures_network CHECK (network ~ '^[0-9a-f]{64}$'),
  CONSTRAINT network_failures_count CHECK (failed_sign_ins >= 0)
);
CREATE INDEX network_failures_last_failed_at_idx ON network_failures (last_failed_at);

ALTER TABLE network_failures ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON network_failures TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON network_failures TO app_system;
CREATE POLICY sign_in ON network_failures TO app_sign_in USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (failed_sign_ins, last_failed_at) ON network_failures TO app_sign_in;
