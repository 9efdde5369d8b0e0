-- A second column for each blind index, so that keys can be changed while the application serves. A key's index stands
-- in one of the two, always the same (lib/platform/keys.ts): during a change one column holds the old key's and the other
-- the new key's, and both are unique, so that at no moment an address fits in twice. With one key both hold the same.
ALTER TABLE users ADD email_index_b bytea;
ALTER TABLE unknown_sign_ins ADD email_index_b bytea;
ALTER TABLE sign_ups ADD email_index_b bytea;
ALTER TABLE email_changes ADD old_email_index_b bytea, ADD new_email_index_b bytea;
ALTER TABLE invitations ADD email_index_b bytea;
ALTER TABLE calls ADD caller_number_index_b bytea;
ALTER TABLE appointments ADD customer_phone_index_b bytea, ADD customer_email_index_b bytea;

UPDATE users SET email_index_b = email_index;
UPDATE unknown_sign_ins SET email_index_b = email_index;
UPDATE sign_ups SET email_index_b = email_index;
UPDATE email_changes SET old_email_index_b = old_email_index, new_email_index_b = new_email_index;
UPDATE invitations SET email_index_b = email_index;
UPDATE calls SET caller_number_index_b = caller_number_index WHERE caller_number_index IS NOT NULL;
UPDATE appointments SET customer_phone_index_b = customer_phone_index, customer_email_index_b = customer_email_index
  WHERE num_nonnulls(customer_phone_index, customer_email_index) > 0;

ALTER TABLE users ALTER email_index_b SET NOT NULL,
  ADD CONSTRAINT users_email_index_b CHECK (is_blind_index(email_index_b));
ALTER TABLE unknown_sign_ins ALTER email_index_b SET NOT NULL,
  ADD CONSTRAINT unknown_sign_ins_index_b CHECK (is_blind_index(email_index_b));
ALTER TABLE sign_ups ALTER email_index_b SET NOT NULL,
  ADD CONSTRAINT sign_ups_email_index_b CHECK (is_blind_index(email_index_b));
ALTER TABLE email_changes ALTER old_email_index_b SET NOT NULL, ALTER new_email_index_b SET NOT NULL,
  ADD CONSTRAINT email_changes_index_b CHECK (is_blind_index(old_email_index_b) AND is_blind_index(new_email_index_b));
ALTER TABLE invitations ALTER email_index_b SET NOT NULL,
  ADD CONSTRAINT invitations_email_index_b CHECK (is_blind_index(email_index_b));
ALTER TABLE calls ADD CONSTRAINT calls_index_b CHECK (
  is_blind_index(caller_number_index_b) AND (caller_number_index IS NULL) = (caller_number_index_b IS NULL));
ALTER TABLE appointments ADD CONSTRAINT appointments_index_b CHECK (
  is_blind_index(customer_phone_index_b) AND (customer_phone_index IS NULL) = (customer_phone_index_b IS NULL)
  AND is_blind_index(customer_email_index_b) AND (customer_email_index IS NULL) = (customer_email_index_b IS NULL));

CREATE UNIQUE INDEX users_email_index_b_key ON users (email_index_b);
CREATE UNIQUE INDEX invitations_open_b ON invitations (business_id, email_index_b)
  WHERE accepted_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX sign_ups_email_index_b_idx ON sign_ups (email_index_b);
-- Not unique: a failure at an address that nobody has may be counted twice, it may not fail.
CREATE INDEX unknown_sign_ins_email_index_b_idx ON unknown_sign_ins (email_index_b);
CREATE INDEX calls_business_id_caller_number_index_b_started_at_idx ON calls (business_id, caller_number_index_b, started_at DESC);

-- As on the first column.
GRANT SELECT (email_index_b) ON users TO app_admin, app_viewer;
GRANT SELECT (email_index_b) ON sign_ups TO app_sign_in;
GRANT SELECT (email_index_b), INSERT (email_index_b) ON invitations TO app_viewer;

-- The functions that hand an address from one row to another. An account is sealed anew, so its index is made anew with
-- it; that it is still the same address shows in the column of a key that both know.
DROP FUNCTION confirm_sign_up(text, timestamptz, uuid, bytea, bytea, uuid, bytea, text, jsonb, int);
DROP FUNCTION change_email(text, timestamptz, bytea);
DROP FUNCTION keep_email(text, timestamptz, bytea);
DROP FUNCTION accept_invitation(text, uuid, uuid, timestamptz);
DROP FUNCTION join_by_invitation(text, timestamptz, uuid, bytea, bytea, text);

/*
 * Makes of a sign-up an account, and its first business where it wanted one. Whoever holds the link can do this one thing
 * and nothing beside it: the role stays that of a user, the password's hash goes over unread, the tier is the free one.
 * The sealed values are sealed anew, since a seal is bound to its row.
 *
 * `done`; `taken` where the address has an account by now; `unknown` for a link that is not, or no longer, good.
 */
CREATE FUNCTION confirm_sign_up(
  secret text, at timestamptz,
  new_user uuid, user_email bytea, index_a bytea, index_b bytea, user_name bytea,
  new_business uuid, contact bytea, first_greeting text, hours jsonb, minutes int
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE s sign_ups;
BEGIN
  UPDATE one_time_tokens SET used_at = at
    WHERE secret_hash = secret AND purpose = 'confirm_email' AND used_at IS NULL AND expires_at > at;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  SELECT u.* INTO s FROM sign_ups u JOIN one_time_tokens t ON t.sign_up_id = u.id
    WHERE t.secret_hash = secret AND (u.email_index = index_a OR u.email_index_b = index_b) FOR UPDATE OF u;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;

  INSERT INTO users (id, email, email_index, email_index_b, name, created_at, data_processing_consent, consent_date)
    VALUES (new_user, user_email, index_a, index_b, user_name, at, true, s.created_at)
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    DELETE FROM sign_ups WHERE email_index = index_a OR email_index_b = index_b;
    RETURN 'taken';
  END IF;
  INSERT INTO credentials (user_id, password_hash, changed_at) VALUES (new_user, s.password_hash, at);
  IF s.business_name IS NOT NULL THEN
    INSERT INTO businesses (id, name, contact_email, greeting, zone, weekly_hours, monthly_minutes_limit, created_at, updated_at)
      VALUES (new_business, s.business_name, contact, first_greeting, s.zone, hours, minutes, at, at);
    INSERT INTO memberships (business_id, user_id, role, created_at) VALUES (new_business, new_user, 'business_owner', at);
  END IF;
  -- Guesses made while nobody had this address are nobody's; what else was asked for with it is over.
  DELETE FROM unknown_sign_ins WHERE email_index = index_a OR email_index_b = index_b;
  DELETE FROM sign_ups WHERE email_index = index_a OR email_index_b = index_b;
  RETURN 'done';
END $$;

/*
 * The link from the new mailbox: the address changes, every session but the one that asked ends, and links that were sent
 * to the old mailbox open nothing any more. `done`; `taken` where somebody has the address by now; `unknown`.
 */
CREATE FUNCTION change_email(secret text, at timestamptz, sealed bytea, index_a bytea, index_b bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c email_changes;
BEGIN
  SELECT e.* INTO c FROM email_changes e JOIN one_time_tokens t ON t.email_change_id = e.id
    WHERE t.secret_hash = secret AND t.purpose = 'change_email' AND t.used_at IS NULL AND t.expires_at > at
      AND (e.new_email_index = index_a OR e.new_email_index_b = index_b)
    FOR UPDATE OF t, e;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  UPDATE one_time_tokens SET used_at = at WHERE secret_hash = secret;
  BEGIN
    UPDATE users SET email = sealed, email_index = index_a, email_index_b = index_b
      WHERE id = c.user_id AND (email_index = c.old_email_index OR email_index_b = c.old_email_index_b);
  EXCEPTION WHEN unique_violation THEN RETURN 'taken';
  END;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  UPDATE email_changes SET confirmed_at = at WHERE id = c.id;
  UPDATE sessions SET revoked_at = at WHERE user_id = c.user_id AND revoked_at IS NULL AND id <> c.session_id;
  UPDATE one_time_tokens SET used_at = at
    WHERE user_id = c.user_id AND used_at IS NULL AND expires_at > at AND purpose <> 'keep_email';
  DELETE FROM unknown_sign_ins WHERE email_index = index_a OR email_index_b = index_b;
  RETURN 'done';
END $$;

/*
 * The link from the old mailbox: the address is the old one again, whatever was changed since, and every session ends.
 * Links of earlier changes stay: who had the account before this one keeps their own way back.
 */
CREATE FUNCTION keep_email(secret text, at timestamptz, sealed bytea, index_a bytea, index_b bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE c email_changes;
BEGIN
  SELECT e.* INTO c FROM email_changes e JOIN one_time_tokens t ON t.email_change_id = e.id
    WHERE t.secret_hash = secret AND t.purpose = 'keep_email' AND t.used_at IS NULL AND t.expires_at > at
      AND (e.old_email_index = index_a OR e.old_email_index_b = index_b)
    FOR UPDATE OF t, e;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  BEGIN
    UPDATE users SET email = sealed, email_index = index_a, email_index_b = index_b WHERE id = c.user_id;
  EXCEPTION WHEN unique_violation THEN RETURN 'taken';
  END;
  UPDATE email_changes SET undone_at = at WHERE user_id = c.user_id AND confirmed_at >= c.confirmed_at AND undone_at IS NULL;
  UPDATE sessions SET revoked_at = at WHERE user_id = c.user_id AND revoked_at IS NULL;
  UPDATE one_time_tokens t SET used_at = at
    WHERE t.user_id = c.user_id AND t.used_at IS NULL AND t.expires_at > at AND NOT EXISTS (
      SELECT FROM email_changes e WHERE e.id = t.email_change_id AND t.purpose = 'keep_email' AND e.confirmed_at < c.confirmed_at);
  RETURN 'done';
END $$;

/*
 * Makes `joiner` a member, once, however many bring the link at the same time; `asking`, where it is a session of theirs,
 * goes into the business. Returns the business and the role they have there now; nothing, and changes nothing, where the
 * invitation is over or is for another address.
 */
CREATE FUNCTION accept_invitation(hash text, joiner uuid, asking uuid, at timestamptz)
RETURNS TABLE (business_id uuid, id uuid, role membership_role)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE i invitations;
BEGIN
  SELECT * INTO i FROM invitations
    WHERE secret_hash = hash AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > at FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  -- Whoever runs the platform belongs to no business.
  PERFORM FROM users u
    WHERE u.id = joiner AND (u.email_index = i.email_index OR u.email_index_b = i.email_index_b) AND u.role = 'user';
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO memberships (business_id, user_id, role, created_at) VALUES (i.business_id, joiner, i.role, at) ON CONFLICT DO NOTHING;
  UPDATE invitations SET accepted_at = at WHERE business_id = i.business_id AND id = i.id;
  UPDATE sessions SET business_id = i.business_id WHERE id = asking AND user_id = joiner AND revoked_at IS NULL;
  RETURN QUERY SELECT m.business_id, i.id, m.role FROM memberships m WHERE m.business_id = i.business_id AND m.user_id = joiner;
END $$;

/*
 * The same for somebody new, whose account it makes. Whoever holds the link can do this one thing and nothing beside it:
 * address and role come from the invitation, and the account is that of a user. `taken`: the address has an account by
 * now; `unknown` for a link that is not, or no longer, good.
 */
CREATE FUNCTION join_by_invitation(
  hash text, at timestamptz, new_user uuid, user_email bytea, index_a bytea, index_b bytea, user_name bytea,
  new_password_hash text
) RETURNS TABLE (outcome text, business_id uuid, id uuid, role membership_role)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM invitations
    WHERE secret_hash = hash AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > at
      AND (email_index = index_a OR email_index_b = index_b)
    FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown', NULL::uuid, NULL::uuid, NULL::membership_role; RETURN; END IF;
  INSERT INTO users (id, email, email_index, email_index_b, name, created_at, data_processing_consent, consent_date)
    VALUES (new_user, user_email, index_a, index_b, user_name, at, true, at) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN QUERY SELECT 'taken', NULL::uuid, NULL::uuid, NULL::membership_role; RETURN; END IF;
  INSERT INTO credentials (user_id, password_hash, changed_at) VALUES (new_user, new_password_hash, at);
  -- Guesses made while nobody had this address are nobody's; a sign-up that waits for its mail is over.
  DELETE FROM unknown_sign_ins WHERE email_index = index_a OR email_index_b = index_b;
  DELETE FROM sign_ups WHERE email_index = index_a OR email_index_b = index_b;
  RETURN QUERY SELECT 'done', a.business_id, a.id, a.role FROM accept_invitation(hash, new_user, NULL, at) a;
END $$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
DO $$ DECLARE f text; BEGIN
  FOREACH f IN ARRAY ARRAY[
    'confirm_sign_up(text, timestamptz, uuid, bytea, bytea, bytea, bytea, uuid, bytea, text, jsonb, int)',
    'change_email(text, timestamptz, bytea, bytea, bytea)', 'keep_email(text, timestamptz, bytea, bytea, bytea)',
    'accept_invitation(text, uuid, uuid, timestamptz)',
    'join_by_invitation(text, timestamptz, uuid, bytea, bytea, bytea, bytea, text)'] LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app_sign_in', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO app_system', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
