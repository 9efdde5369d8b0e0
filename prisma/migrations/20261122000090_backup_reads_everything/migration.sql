-- Every row of the tables that came since *_backups, for the backup.
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
      AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 'app_backup'::regrole = ANY (p.polroles))
  LOOP
    EXECUTE format('CREATE POLICY backup ON %I FOR SELECT TO app_backup USING (true)', t);
  END LOOP;
END $$;
