-- app_backup reads every row of every table and changes nothing. The backup enters it for one read-only transaction.
-- Under row-level security a role that lacks a policy reads an empty table and nobody complains: each table needs this
-- policy, those that come later included, and the backup asks the catalog before it begins (lib/backup/catalog.ts):
--   CREATE POLICY backup ON … FOR SELECT TO app_backup USING (true);
DO $$ BEGIN
  CREATE ROLE app_backup NOLOGIN NOBYPASSRLS;
EXCEPTION WHEN duplicate_object THEN NULL; -- roles belong to the server: another database of it has it already
END $$;
GRANT app_backup TO app WITH INHERIT FALSE, SET TRUE;
GRANT USAGE ON SCHEMA public TO app_backup;

-- What was backed up, as the pages of the operator show it. The store itself is what counts: this is written from there.
CREATE TYPE backup_fault AS ENUM ('missing', 'changed', 'not_ours');
CREATE TABLE backups (
  name text PRIMARY KEY,
  made_at timestamptz(3) NOT NULL,
  seconds int NOT NULL,
  bytes bigint NOT NULL,
  row_count bigint NOT NULL,
  recordings int NOT NULL,
  checked_at timestamptz(3),
  fault backup_fault,
  drilled_at timestamptz(3),
  drill_seconds int,
  drill_fault text,
  deleted_at timestamptz(3),
  CONSTRAINT backups_name CHECK (name ~ '^\d{8}t\d{6}\.\d{3}z$'),
  CONSTRAINT backups_counts CHECK (seconds >= 0 AND bytes >= 0 AND row_count >= 0 AND recordings >= 0),
  CONSTRAINT backups_fault CHECK (fault IS NULL OR checked_at IS NOT NULL),
  CONSTRAINT backups_drill CHECK ((drilled_at IS NULL) = (drill_seconds IS NULL) AND (drill_fault IS NULL OR drilled_at IS NOT NULL))
);
CREATE INDEX backups_made_at_idx ON backups (made_at DESC);

ALTER TABLE backups ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON backups TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON backups TO app_system;
CREATE POLICY admin ON backups FOR SELECT TO app_admin USING (true);
GRANT SELECT ON backups TO app_admin;

-- Every table that is there, whichever migration made it.
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
      AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 'app_backup'::regrole = ANY (p.polroles))
  LOOP
    EXECUTE format('CREATE POLICY backup ON %I FOR SELECT TO app_backup USING (true)', t);
  END LOOP;
END $$;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO app_backup; -- _prisma_migrations too
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO app_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO app_backup;
