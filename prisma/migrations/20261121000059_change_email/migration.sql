-- Changes of an address: asked for, confirmed by whoever reads the new mailbox, and for a week taken back by whoever reads
-- the old one.
CREATE TABLE email_changes (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  session_id uuid NOT NULL,
  old_email bytea NOT NULL,
  old_email_index bytea NOT NULL,
  new_email bytea NOT NULL,
  new_email_index bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  confirmed_at timestamptz(3),
  undone_at timestamptz(3),
  CONSTRAINT email_changes_sealed CHECK (is_sealed(old_email) AND is_sealed(new_email)),
  CONSTRAINT email_changes_index CHECK (is_blind_index(old_email_index) AND is_blind_index(new_email_index)),
  CONSTRAINT email_changes_order CHECK (created_at < expires_at),
  CONSTRAINT email_changes_undone CHECK (undone_at IS NULL OR confirmed_at IS NOT NULL)
);
CREATE INDEX email_changes_user_id_idx ON email_changes (user_id);
CREATE INDEX email_changes_expires_at_idx ON email_changes (expires_at);

ALTER TYPE token_purpose ADD VALUE 'change_email';
ALTER TYPE token_purpose ADD VALUE 'keep_email';
ALTER TABLE one_time_tokens ADD email_change_id uuid REFERENCES email_changes ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX one_time_tokens_email_change_id_idx ON one_time_tokens (email_change_id);

ALTER TABLE email_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON email_changes TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON email_changes TO app_system;
CREATE POLICY sign_in ON email_changes FOR INSERT TO app_sign_in WITH CHECK (true);
CREATE POLICY sign_in_read ON email_changes FOR SELECT TO app_sign_in USING (true);
CREATE POLICY sign_in_clear ON email_changes FOR DELETE TO app_sign_in USING (expires_at < now());
GRANT SELECT, INSERT, DELETE ON email_changes TO app_sign_in;

/*
 * The link from the new mailbox: the address changes, every session but the one that asked ends, and links that were sent
 * to the old mailbox open nothing any more. `done`; `taken` where somebody has the address by now; `unknown`.
 */
CREATE FUNCTION change_email(secret text, at timestamptz, sealed bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c email_changes;
BEGIN
  SELECT e.* INTO c FROM email_changes e JOIN one_time_tokens t ON t.email_change_id = e.id
    WHERE t.secret_hash = secret AND t.purpose = 'change_email' AND t.used_at IS NULL AND t.expires_at > at FOR UPDATE OF t, e;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  UPDATE one_time_tokens SET used_at = at WHERE secret_hash = secret;
  BEGIN
    UPDATE users SET email = sealed, email_index = c.new_email_index WHERE id = c.user_id AND email_index = c.old_email_index;
  EXCEPTION WHEN unique_violation THEN RETURN 'taken';
  END;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  UPDATE email_changes SET confirmed_at = at WHERE id = c.id;
  UPDATE sessions SET revoked_at = at WHERE user_id = c.user_id AND revoked_at IS NULL AND id <> c.session_id;
  UPDATE one_time_tokens SET used_at = at
    WHERE user_id = c.user_id AND used_at IS NULL AND expires_at > at AND purpose <> 'keep_email';
  DELETE FROM unknown_sign_ins WHERE email_index = c.new_email_index;
  RETURN 'done';
END $$;

/*
 * The link from the old mailbox: the address is the old one again, whatever was changed since, and every session ends.
 * Links of earlier changes stay: who had the account before this one keeps their own way back.
 */
CREATE FUNCTION keep_email(secret text, at timestamptz, sealed bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c email_changes;
BEGIN
  SELECT e.* INTO c FROM email_changes e JOIN one_time_tokens t ON t.email_change_id = e.id
    WHERE t.secret_hash = secret AND t.purpose = 'keep_email' AND t.used_at IS NULL AND t.expires_at > at FOR UPDATE OF t, e;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  BEGIN
    UPDATE users SET email = sealed, email_index = c.old_email_index WHERE id = c.user_id;
  EXCEPTION WHEN unique_violation THEN RETURN 'taken';
  END;
  UPDATE email_changes SET undone_at = at WHERE user_id = c.user_id AND confirmed_at >= c.confirmed_at AND undone_at IS NULL;
  UPDATE sessions SET revoked_at = at WHERE user_id = c.user_id AND revoked_at IS NULL;
  UPDATE one_time_tokens t SET used_at = at
    WHERE t.user_id = c.user_id AND t.used_at IS NULL AND t.expires_at > at AND NOT EXISTS (
      SELECT FROM email_changes e WHERE e.id = t.email_change_id AND t.purpose = 'keep_email' AND e.confirmed_at < c.confirmed_at);
  RETURN 'done';
END $$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION change_email(text, timestamptz, bytea), keep_email(text, timestamptz, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION change_email(text, timestamptz, bytea), keep_email(text, timestamptz, bytea) TO app_sign_in;
ALTER FUNCTION change_email(text, timestamptz, bytea) OWNER TO app_system;
ALTER FUNCTION keep_email(text, timestamptz, bytea) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
