-- A second factor: a time-based code (RFC 6238) whose secret stands in users.two_factor_secret. A secret that is there while
-- two_factor_enabled is false has not been confirmed by a code, and asks nobody for one.

-- The last time step whose code was taken. A code is taken by moving it forward, in one statement: once, however many try.
ALTER TABLE users
  ADD COLUMN two_factor_last_step int,
  ADD CONSTRAINT users_two_factor_last_step CHECK (two_factor_last_step IS NULL OR two_factor_secret IS NOT NULL);

-- For who has lost the telephone. Of a code the database knows an argon2id hash; the codes of one set share a salt, so that
-- checking one takes one hash and not ten.
CREATE TABLE recovery_codes (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  salt text NOT NULL,
  code_hash text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  CONSTRAINT recovery_codes_hash CHECK (salt ~ '^[0-9a-f]{32}$' AND code_hash ~ '^[0-9a-f]{64}$')
);
CREATE UNIQUE INDEX recovery_codes_user_id_code_hash_key ON recovery_codes (user_id, code_hash);

-- The password was right and the code is still missing. No session, and opens nothing but the question for the code.
CREATE TABLE pending_sign_ins (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  CONSTRAINT pending_sign_ins_order CHECK (created_at < expires_at)
);
CREATE INDEX pending_sign_ins_user_id_idx ON pending_sign_ins (user_id);

ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE pending_sign_ins ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON recovery_codes TO app_system USING (true) WITH CHECK (true);
CREATE POLICY system ON pending_sign_ins TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_codes, pending_sign_ins TO app_system;

-- Only the role that checks secrets may read or write them.
CREATE POLICY sign_in ON recovery_codes TO app_sign_in USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON pending_sign_ins TO app_sign_in USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON recovery_codes TO app_sign_in;
GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON pending_sign_ins TO app_sign_in;
GRANT UPDATE (two_factor_enabled, two_factor_secret, two_factor_last_step) ON users TO app_sign_in;

-- Oneself: how many codes are left, and nothing of what they are.
CREATE POLICY mine ON recovery_codes FOR SELECT TO app_viewer USING (user_id = app_user_id());
GRANT SELECT (id, user_id, used_at) ON recovery_codes TO app_viewer;

/*
 * The secret that oneself is about to confirm, to be shown as a picture. A function, since a grant on the column would let
 * colleagues read each other's; one that is in force is shown to nobody.
 */
CREATE FUNCTION unconfirmed_second_factor() RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT two_factor_secret FROM users WHERE id = app_user_id() AND NOT two_factor_enabled
$$;
GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION unconfirmed_second_factor() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unconfirmed_second_factor() TO app_viewer;
ALTER FUNCTION unconfirmed_second_factor() OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
