-- The request that wanted a job: its lines in the log and the job's belong together.
ALTER TABLE jobs ADD request_id uuid;
