-- Sign-ups that nobody has confirmed yet. They are no accounts: who owns an address is not known before its mail was
-- read, so nothing stands in `users`, and an address that has an account already is written down here like any other.
CREATE TABLE sign_ups (
  id uuid PRIMARY KEY,
  email bytea NOT NULL,
  email_index bytea NOT NULL,
  name bytea NOT NULL,
  password_hash text NOT NULL,
  business_name text,
  zone text,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT sign_ups_sealed CHECK (is_sealed(email) AND is_sealed(name)),
  CONSTRAINT sign_ups_email_index CHECK (is_blind_index(email_index)),
  CONSTRAINT sign_ups_argon2id CHECK (password_hash LIKE '$argon2id$%'),
  CONSTRAINT sign_ups_business CHECK (
    (business_name IS NULL) = (zone IS NULL) AND (business_name IS NULL OR length(btrim(business_name)) BETWEEN 1 AND 120)),
  CONSTRAINT sign_ups_order CHECK (created_at < expires_at)
);
CREATE INDEX sign_ups_email_index_idx ON sign_ups (email_index);
CREATE INDEX sign_ups_expires_at_idx ON sign_ups (expires_at);

-- Their links are links like all others; such a one belongs to a sign-up where the others belong to a person.
ALTER TYPE token_purpose ADD VALUE 'confirm_email';
ALTER TABLE one_time_tokens
  ALTER user_id DROP NOT NULL,
  ADD sign_up_id uuid REFERENCES sign_ups ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT one_time_tokens_subject CHECK (num_nonnulls(user_id, sign_up_id) = 1);
CREATE INDEX one_time_tokens_sign_up_id_idx ON one_time_tokens (sign_up_id);

ALTER TABLE sign_ups ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON sign_ups TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ups TO app_system;
-- Written before anybody is known; read again, but for the password, by whoever brings the link; cleared away once over.
CREATE POLICY sign_in ON sign_ups FOR INSERT TO app_sign_in WITH CHECK (true);
CREATE POLICY sign_in_read ON sign_ups FOR SELECT TO app_sign_in USING (true);
CREATE POLICY sign_in_clear ON sign_ups FOR DELETE TO app_sign_in USING (expires_at < now());
GRANT INSERT, DELETE, SELECT (id, email, email_index, name, business_name, zone, created_at, expires_at) ON sign_ups TO app_sign_in;

/*
 * Makes of a sign-up an account, and its first business where it wanted one. Whoever holds the link can do this one thing
 * and nothing beside it: the role stays that of a user, the password's hash goes over unread, the tier is the free one.
 * The sealed values are sealed anew, since a seal is bound to its row.
 *
 * `done`; `taken` where the address has an account by now; `unknown` for a link that is not, or no longer, good.
 */
CREATE FUNCTION confirm_sign_up(
  secret text, at timestamptz,
  new_user uuid, user_email bytea, user_name bytea,
  new_business uuid, contact bytea, first_greeting text, hours jsonb, minutes int
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE s sign_ups;
BEGIN
  UPDATE one_time_tokens SET used_at = at
    WHERE secret_hash = secret AND purpose = 'confirm_email' AND used_at IS NULL AND expires_at > at;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  SELECT u.* INTO s FROM sign_ups u JOIN one_time_tokens t ON t.sign_up_id = u.id WHERE t.secret_hash = secret FOR UPDATE OF u;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;

  INSERT INTO users (id, email, email_index, name, created_at, data_processing_consent, consent_date)
    VALUES (new_user, user_email, s.email_index, user_name, at, true, s.created_at)
    ON CONFLICT (email_index) DO NOTHING;
  IF NOT FOUND THEN
    DELETE FROM sign_ups WHERE email_index = s.email_index;
    RETURN 'taken';
  END IF;
  INSERT INTO credentials (user_id, password_hash, changed_at) VALUES (new_user, s.password_hash, at);
  IF s.business_name IS NOT NULL THEN
    INSERT INTO businesses (id, name, contact_email, greeting, zone, weekly_hours, monthly_minutes_limit, created_at, updated_at)
      VALUES (new_business, s.business_name, contact, first_greeting, s.zone, hours, minutes, at, at);
    INSERT INTO memberships (business_id, user_id, role, created_at) VALUES (new_business, new_user, 'business_owner', at);
  END IF;
  -- Guesses made while nobody had this address are nobody's; what else was asked for with it is over.
  DELETE FROM unknown_sign_ins WHERE email_index = s.email_index;
  DELETE FROM sign_ups WHERE email_index = s.email_index;
  RETURN 'done';
END $$;
GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION confirm_sign_up(text, timestamptz, uuid, bytea, bytea, uuid, bytea, text, jsonb, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION confirm_sign_up(text, timestamptz, uuid, bytea, bytea, uuid, bytea, text, jsonb, int) TO app_sign_in;
ALTER FUNCTION confirm_sign_up(text, timestamptz, uuid, bytea, bytea, uuid, bytea, text, jsonb, int) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
