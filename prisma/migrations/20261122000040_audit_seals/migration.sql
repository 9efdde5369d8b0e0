-- Seals over the trail (docs/decisions/025-seals-over-the-trail.md). A segment is a signed list of the hashes of entries of
-- one chain: a business's, or with the nil UUID the platform's own. It names the segment before it.
CREATE TABLE audit_segments (
  chain uuid NOT NULL,
  number integer NOT NULL,
  entries integer NOT NULL,
  -- When it was sealed, and the moment of its newest entry.
  sealed_at timestamptz(3) NOT NULL,
  newest timestamptz(3) NOT NULL,
  document text NOT NULL,
  signature text NOT NULL,
  digest text NOT NULL,
  -- When it was first seen in the store, and when retention removed its entries: the seal stays.
  stored_at timestamptz(3),
  removed_at timestamptz(3),
  -- Of a segment whose entries a restore did not bring back: a signed statement that says so.
  lost text,
  PRIMARY KEY (chain, number),
  CONSTRAINT audit_segments_numbers CHECK (number > 0 AND entries > 0)
);
CREATE INDEX audit_segments_to_store ON audit_segments (chain, number) WHERE stored_at IS NULL;
CREATE INDEX audit_segments_by_age ON audit_segments (newest) WHERE removed_at IS NULL AND lost IS NULL;

-- Which segment an entry is in, and what its hashes are salted with. The salts stay in here and go with what they salt, or
-- whoever has the segment could find out by trying what an entry said.
CREATE TABLE audit_salts (
  id uuid PRIMARY KEY,
  chain uuid NOT NULL,
  number integer NOT NULL,
  salt uuid NOT NULL,
  personal_salt uuid,
  FOREIGN KEY (chain, number) REFERENCES audit_segments
);
CREATE INDEX audit_salts_chain_number_idx ON audit_salts (chain, number);

-- The entries that no segment has yet: what the next run seals. A row is here in the transaction that writes the entry, so
-- an entry that commits late is found all the same, and however long the trail, this list is as short as an hour.
CREATE TABLE audit_unsealed (
  chain uuid NOT NULL,
  id uuid NOT NULL,
  PRIMARY KEY (chain, id)
);
INSERT INTO audit_unsealed SELECT coalesce(business_id, '00000000-0000-0000-0000-000000000000'), id FROM audit_logs;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['audit_segments', 'audit_salts', 'audit_unsealed'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY system ON %I TO app_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY backup ON %I FOR SELECT TO app_backup USING (true)', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE (stored_at) ON audit_segments TO app_system;
GRANT SELECT, INSERT ON audit_salts TO app_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_unsealed TO app_system; -- UPDATE to lock

CREATE FUNCTION note_unsealed_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO audit_unsealed (chain, id)
    SELECT coalesce(business_id, '00000000-0000-0000-0000-000000000000'), id FROM written;
  RETURN NULL;
END $$;
-- Of the application's roles alone. What the tables' owner writes by hand is never sealed, and named by the verification; what
-- a restore brings back has its place on the lists already.
CREATE TRIGGER note_unsealed AFTER INSERT ON audit_logs REFERENCING NEW TABLE AS written FOR EACH STATEMENT
  WHEN (current_user IN ('app_viewer', 'app_admin', 'app_grantee', 'app_sign_in', 'app_system'))
  EXECUTE FUNCTION note_unsealed_entries();

-- The two changes that the trail is promised to see, and the role that owns their functions, which nobody may enter.
DO $$ BEGIN
  CREATE ROLE app_trail_keeper NOLOGIN NOBYPASSRLS;
EXCEPTION WHEN duplicate_object THEN NULL; -- roles belong to the server: another database of it has them already
END $$;
GRANT USAGE ON SCHEMA public TO app_trail_keeper;
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['audit_logs', 'audit_segments', 'audit_salts', 'audit_unsealed'] LOOP
    EXECUTE format('CREATE POLICY keeper ON %I TO app_trail_keeper USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT ON %I TO app_trail_keeper', t);
  END LOOP;
END $$;
GRANT UPDATE (ip_address, user_agent, details), DELETE ON audit_logs TO app_trail_keeper;
GRANT UPDATE (personal_salt), DELETE ON audit_salts TO app_trail_keeper;
GRANT UPDATE (removed_at) ON audit_segments TO app_trail_keeper;
GRANT UPDATE ON audit_unsealed TO app_trail_keeper; -- to lock

CREATE OR REPLACE FUNCTION refuse_change_of_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'app_trail_keeper' AND TG_OP IN ('UPDATE', 'DELETE') THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'audit_logs is append-only: % refused', lower(TG_OP) USING ERRCODE = 'insufficient_privilege';
END $$;

/* What the keeper is held to, row by row: to blank, and nothing but the three personal fields; to remove after two years. */
CREATE FUNCTION refuse_all_but_promised() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE blanked audit_logs := OLD;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.timestamp < now() - interval '730 days' THEN RETURN OLD; END IF;
  ELSE
    blanked.ip_address := NULL;
    blanked.user_agent := NULL;
    blanked.details := OLD.details - 'emailIndex';
    IF NEW IS NOT DISTINCT FROM blanked THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'audit_logs is append-only: this % refused', lower(TG_OP) USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_as_promised BEFORE UPDATE OR DELETE ON audit_logs
  FOR EACH ROW EXECUTE FUNCTION refuse_all_but_promised();
ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER only_as_promised;

/* Removes the entries of a segment that are all older than two years, and their salts. The seal stays. Says how many. */
CREATE FUNCTION remove_sealed_segment(of_chain uuid, of_number integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE removed integer;
BEGIN
  UPDATE audit_segments SET removed_at = now() WHERE chain = of_chain AND number = of_number AND removed_at IS NULL
    AND lost IS NULL AND newest < now() - interval '730 days';
  IF NOT FOUND THEN RETURN 0; END IF;
  DELETE FROM audit_logs a USING audit_salts s WHERE s.chain = of_chain AND s.number = of_number AND a.id = s.id;
  GET DIAGNOSTICS removed = ROW_COUNT;
  DELETE FROM audit_salts WHERE chain = of_chain AND number = of_number;
  RETURN removed;
END $$;

/*
 * Blanks where a person's entries came from, and all of that where their address was typed (by its indexes), in at most
 * `most` entries. Says in how many: call it again until that is 0. The salts of what was blanked go, so that its hashes lead back to nothing.
 */
CREATE FUNCTION blank_person_in_trail(person uuid, email_indexes text[], most integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE chosen uuid[];
BEGIN
  SELECT array_agg(id) INTO chosen FROM (
    SELECT id FROM audit_logs
      WHERE user_id = person AND (ip_address IS NOT NULL OR user_agent IS NOT NULL OR details ? 'emailIndex')
    UNION
    SELECT id FROM audit_logs WHERE details ? 'emailIndex' AND details -> 'emailIndex' ?| email_indexes -- one, or a list of two
    LIMIT most) found;
  IF chosen IS NULL THEN RETURN 0; END IF;
  -- A run that is sealing one of them has read it already: its seal has to be there before, or would be over what is gone.
  PERFORM FROM audit_logs a JOIN audit_unsealed u
    ON u.chain = coalesce(a.business_id, '00000000-0000-0000-0000-000000000000') AND u.id = a.id
    WHERE a.id = ANY (chosen) ORDER BY u.chain, u.id FOR UPDATE OF u;
  UPDATE audit_logs SET ip_address = NULL, user_agent = NULL, details = details - 'emailIndex' WHERE id = ANY (chosen);
  UPDATE audit_salts SET personal_salt = NULL WHERE id = ANY (chosen);
  RETURN cardinality(chosen);
END $$;
CREATE INDEX audit_logs_typed_address ON audit_logs USING gin ((details -> 'emailIndex')) WHERE details ? 'emailIndex';

GRANT app_system, app_trail_keeper TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system, app_trail_keeper;
REVOKE EXECUTE ON FUNCTION note_unsealed_entries(), remove_sealed_segment(uuid, integer),
  blank_person_in_trail(uuid, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION remove_sealed_segment(uuid, integer), blank_person_in_trail(uuid, text[], integer) TO app_system;
ALTER FUNCTION note_unsealed_entries() OWNER TO app_system;
ALTER FUNCTION remove_sealed_segment(uuid, integer) OWNER TO app_trail_keeper;
ALTER FUNCTION blank_person_in_trail(uuid, text[], integer) OWNER TO app_trail_keeper;
REVOKE CREATE ON SCHEMA public FROM app_system, app_trail_keeper;
REVOKE app_system, app_trail_keeper FROM CURRENT_USER GRANTED BY CURRENT_USER;
