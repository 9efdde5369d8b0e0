-- Runs of what the clock starts: one at a time for each job, by an index and not by the hope that clocks differ.
CREATE TYPE run_outcome AS ENUM ('done', 'failed', 'abandoned');
CREATE TABLE job_runs (
  id uuid PRIMARY KEY,
  job text NOT NULL,
  started_at timestamptz(3) NOT NULL,
  leased_until timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  outcome run_outcome,
  counts jsonb NOT NULL DEFAULT '{}',
  error text,
  CONSTRAINT job_runs_job CHECK (job ~ '^[a-z-]{1,30}$'),
  CONSTRAINT job_runs_ended CHECK ((ended_at IS NULL) = (outcome IS NULL)),
  CONSTRAINT job_runs_counts CHECK (jsonb_typeof(counts) = 'object')
);
CREATE UNIQUE INDEX job_runs_one_at_a_time ON job_runs (job) WHERE ended_at IS NULL;
CREATE INDEX job_runs_job_started_at_idx ON job_runs (job, started_at DESC);

ALTER TABLE job_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON job_runs TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON job_runs TO app_system;
CREATE POLICY admin ON job_runs FOR SELECT TO app_admin USING (true);
GRANT SELECT ON job_runs TO app_admin;
