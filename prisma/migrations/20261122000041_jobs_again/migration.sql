-- The operator lets jobs that were given up be tried again, from the beginning, and changes nothing else about them.
CREATE POLICY admin_tries_again ON jobs FOR UPDATE TO app_admin
  USING (dead_at IS NOT NULL) WITH CHECK (dead_at IS NULL AND attempts = 0);
GRANT UPDATE (dead_at, attempts, run_at) ON jobs TO app_admin;
-- What was given up is counted, grouped and tried again by itself, however many jobs were done.
CREATE INDEX jobs_given_up ON jobs (kind) WHERE dead_at IS NOT NULL;
