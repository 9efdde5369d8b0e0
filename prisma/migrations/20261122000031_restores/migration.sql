-- What must be true of a restored database before it serves.

-- Wanted before the restore: perhaps it was done since, perhaps nobody wants it any more. It waits for the operator.
ALTER TABLE jobs ADD held_at timestamptz(3);
CREATE POLICY admin_lets_go ON jobs FOR UPDATE TO app_admin USING (held_at IS NOT NULL) WITH CHECK (true);
GRANT UPDATE (held_at, dead_at, last_error) ON jobs TO app_admin;

-- Restores of this database. One that is not finished keeps the application from starting: who was erased since the
-- backup is in it again until the ledger has been replayed.
CREATE TABLE restores (
  id uuid PRIMARY KEY,
  backup text NOT NULL,
  restored_at timestamptz(3) NOT NULL,
  finished_at timestamptz(3)
);
ALTER TABLE restores ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON restores TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON restores TO app_system;
CREATE POLICY admin ON restores FOR SELECT TO app_admin USING (true);
GRANT SELECT ON restores TO app_admin;
CREATE POLICY backup ON restores FOR SELECT TO app_backup USING (true);

/*
 * The last statement of every backup, before its COMMIT, whoever restores it: no session, link or turn of the clock that
 * was open when the backup was made opens anything now, and jobs wait.
 */
CREATE FUNCTION end_what_was_open(backup text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE at CONSTANT timestamptz(3) := now();
BEGIN
  UPDATE sessions SET revoked_at = at WHERE revoked_at IS NULL;
  UPDATE pending_sign_ins SET used_at = at WHERE used_at IS NULL AND at < expires_at;
  UPDATE one_time_tokens SET used_at = at WHERE used_at IS NULL AND at < expires_at;
  UPDATE invitations SET secret_hash = NULL WHERE accepted_at IS NULL; -- its owner can send it again
  UPDATE jobs SET held_at = at, lease = NULL, leased_until = NULL WHERE done_at IS NULL AND dead_at IS NULL;
  UPDATE job_runs SET ended_at = at, outcome = 'abandoned' WHERE ended_at IS NULL;
  INSERT INTO restores (id, backup, restored_at) VALUES (gen_random_uuid(), backup, at);
END $$;
REVOKE EXECUTE ON FUNCTION end_what_was_open(text) FROM PUBLIC;

/* Whether this database was restored and not finished. Asked at the start, before anybody has entered. */
CREATE FUNCTION is_restore_unfinished() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
RETURN EXISTS (SELECT FROM public.restores WHERE finished_at IS NULL);
GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION is_restore_unfinished() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_restore_unfinished() TO app;
ALTER FUNCTION is_restore_unfinished() OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
