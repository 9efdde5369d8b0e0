-- Browsers that an account was signed in from. Their tries are counted apart, so that strangers who guess close an account
-- to strangers and not to its owner.
CREATE TABLE known_devices (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL,
  failed_login_attempts int NOT NULL DEFAULT 0,
  locked_until timestamptz(3),
  PRIMARY KEY (user_id, id),
  CONSTRAINT known_devices_attempts CHECK (failed_login_attempts >= 0),
  CONSTRAINT known_devices_order CHECK (created_at <= last_seen_at)
);

ALTER TABLE known_devices ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON known_devices TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON known_devices TO app_system;
CREATE POLICY sign_in ON known_devices TO app_sign_in USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE (last_seen_at, failed_login_attempts, locked_until) ON known_devices TO app_sign_in;
