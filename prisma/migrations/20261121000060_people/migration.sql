-- Who belongs to a business: invitations, roles, removal, handing over. Whoever is signed in holds no grant to write a
-- membership; the functions below do it, for whom they have checked, one change of a business's people at a time.

CREATE TABLE invitations (
  business_id uuid NOT NULL REFERENCES businesses ON DELETE CASCADE ON UPDATE CASCADE,
  id uuid NOT NULL,
  email bytea NOT NULL,
  email_index bytea NOT NULL,
  role membership_role NOT NULL,
  invited_by uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  sent_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  secret_hash text,
  accepted_at timestamptz(3),
  withdrawn_at timestamptz(3),
  PRIMARY KEY (business_id, id),
  CONSTRAINT invitations_sealed CHECK (is_sealed(email)),
  CONSTRAINT invitations_email_index CHECK (is_blind_index(email_index)),
  CONSTRAINT invitations_hash CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT invitations_order CHECK (created_at <= sent_at AND sent_at < expires_at AND accepted_at < expires_at),
  CONSTRAINT invitations_ended CHECK (num_nonnulls(accepted_at, withdrawn_at) <= 1)
);
CREATE UNIQUE INDEX invitations_secret_hash_key ON invitations (secret_hash);
-- One at a time for each address.
CREATE UNIQUE INDEX invitations_open ON invitations (business_id, email_index) WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON invitations TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO app_system;

/* Whether who is signed in owns the business they are in. */
CREATE FUNCTION app_is_owner() RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (SELECT FROM memberships m
    WHERE m.business_id = app_business_id() AND m.user_id = app_user_id() AND m.role = 'business_owner');

-- An invitation gives a role, so here the database asks for the owner too. Nobody who is signed in reads the hash of a link.
CREATE POLICY owners ON invitations TO app_viewer
  USING (business_id = app_business_id() AND app_is_owner())
  WITH CHECK (business_id = app_business_id() AND app_is_owner());
GRANT SELECT (business_id, id, email, email_index, role, invited_by, created_at, sent_at, expires_at, accepted_at, withdrawn_at),
  INSERT (business_id, id, email, email_index, role, invited_by, created_at, sent_at, expires_at),
  UPDATE (sent_at, expires_at, secret_hash, withdrawn_at)
  ON invitations TO app_viewer;

-- A business always has an owner, whatever statement takes one away. The business's row makes two of them take turns:
-- else each would count the other.
CREATE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM businesses WHERE id = OLD.business_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF; -- it goes with its business
  IF NOT EXISTS (SELECT FROM memberships WHERE business_id = OLD.business_id AND role = 'business_owner') THEN
    RAISE EXCEPTION 'a business keeps an owner' USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_an_owner';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER memberships_an_owner AFTER UPDATE OR DELETE ON memberships
  FOR EACH ROW WHEN (OLD.role = 'business_owner') EXECUTE FUNCTION keep_an_owner();

/* Makes changes of a business's people take turns, until the transaction ends. */
CREATE FUNCTION take_turns_with_people(business uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT FROM businesses WHERE id = business FOR NO KEY UPDATE;
$$;

/*
 * What a person's older rights opened in the business ends with them: sessions there but for the one that asks, and, of
 * somebody who is no owner any more, the invitations that they sent.
 */
CREATE FUNCTION end_what_was_open(business uuid, member uuid, asking uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE sessions SET revoked_at = at
    WHERE user_id = member AND business_id = business AND revoked_at IS NULL AND id <> asking;
  IF NOT EXISTS (SELECT FROM memberships m
    WHERE m.business_id = business AND m.user_id = member AND m.role = 'business_owner') THEN
    UPDATE invitations SET withdrawn_at = at
      WHERE business_id = business AND invited_by = member AND accepted_at IS NULL AND withdrawn_at IS NULL;
  END IF;
END $$;

/*
 * An owner gives a member of the business they are in another role. `asking`: the session they ask from.
 * Returns 'done', 'same', 'last owner', 'forbidden' or 'not found'; it has changed nothing but for 'done'.
 */
CREATE FUNCTION change_member_role(member uuid, wanted membership_role, asking uuid, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE here uuid := app_business_id(); had membership_role;
BEGIN
  PERFORM take_turns_with_people(here);
  IF NOT app_is_owner() THEN RETURN 'forbidden'; END IF;
  SELECT role INTO had FROM memberships WHERE business_id = here AND user_id = member;
  IF NOT FOUND THEN RETURN 'not found'; END IF;
  IF had = wanted THEN RETURN 'same'; END IF;
  IF had = 'business_owner' AND (SELECT count(*) FROM memberships WHERE business_id = here AND role = 'business_owner') = 1 THEN
    RETURN 'last owner';
  END IF;
  UPDATE memberships SET role = wanted WHERE business_id = here AND user_id = member;
  PERFORM end_what_was_open(here, member, asking, at);
  RETURN 'done';
END $$;

/*
 * Takes a member out of the business that one is in: an owner anybody, everybody themselves. Returns as above, without
 * 'same'.
 */
CREATE FUNCTION remove_member(member uuid, asking uuid, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE here uuid := app_business_id(); had membership_role;
BEGIN
  PERFORM take_turns_with_people(here);
  IF member IS DISTINCT FROM app_user_id() AND NOT app_is_owner() THEN RETURN 'forbidden'; END IF;
  SELECT role INTO had FROM memberships WHERE business_id = here AND user_id = member;
  IF NOT FOUND THEN RETURN 'not found'; END IF;
  IF had = 'business_owner' AND (SELECT count(*) FROM memberships WHERE business_id = here AND role = 'business_owner') = 1 THEN
    RETURN 'last owner';
  END IF;
  DELETE FROM memberships WHERE business_id = here AND user_id = member;
  PERFORM end_what_was_open(here, member, asking, at);
  UPDATE sessions SET business_id = NULL WHERE id = asking AND user_id = member AND business_id = here;
  RETURN 'done';
END $$;

/* An owner makes one of the staff the owner in their place, and becomes staff. Returns 'done', 'forbidden' or 'not found'. */
CREATE FUNCTION transfer_ownership(member uuid, asking uuid, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE here uuid := app_business_id(); me uuid := app_user_id();
BEGIN
  PERFORM take_turns_with_people(here);
  IF NOT app_is_owner() THEN RETURN 'forbidden'; END IF;
  IF NOT EXISTS (SELECT FROM memberships WHERE business_id = here AND user_id = member AND role = 'staff') THEN RETURN 'not found'; END IF;
  UPDATE memberships SET role = 'business_owner' WHERE business_id = here AND user_id = member;
  UPDATE memberships SET role = 'staff' WHERE business_id = here AND user_id = me;
  PERFORM end_what_was_open(here, member, asking, at), end_what_was_open(here, me, asking, at);
  RETURN 'done';
END $$;

/* What the link of an invitation leads to; nothing where there is no such link, or no longer. */
CREATE FUNCTION find_invitation(hash text, at timestamptz)
RETURNS TABLE (business_id uuid, id uuid, business_name text, email bytea, email_index bytea, role membership_role, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT i.business_id, i.id, b.name, i.email, i.email_index, i.role,
    CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn'
      WHEN i.expires_at <= at THEN 'expired' ELSE 'open' END
  FROM invitations i JOIN businesses b ON b.id = i.business_id WHERE i.secret_hash = hash
$$;

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
  PERFORM FROM users u WHERE u.id = joiner AND u.email_index = i.email_index AND u.role = 'user';
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
  hash text, at timestamptz, new_user uuid, user_email bytea, user_name bytea, new_password_hash text
) RETURNS TABLE (outcome text, business_id uuid, id uuid, role membership_role)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE address bytea;
BEGIN
  SELECT email_index INTO address FROM invitations
    WHERE secret_hash = hash AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > at FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown', NULL::uuid, NULL::uuid, NULL::membership_role; RETURN; END IF;
  INSERT INTO users (id, email, email_index, name, created_at, data_processing_consent, consent_date)
    VALUES (new_user, user_email, address, user_name, at, true, at) ON CONFLICT (email_index) DO NOTHING;
  IF NOT FOUND THEN RETURN QUERY SELECT 'taken', NULL::uuid, NULL::uuid, NULL::membership_role; RETURN; END IF;
  INSERT INTO credentials (user_id, password_hash, changed_at) VALUES (new_user, new_password_hash, at);
  -- Guesses made while nobody had this address are nobody's; a sign-up that waits for its mail is over.
  DELETE FROM unknown_sign_ins WHERE email_index = address;
  DELETE FROM sign_ups WHERE email_index = address;
  RETURN QUERY SELECT 'done', a.business_id, a.id, a.role FROM accept_invitation(hash, new_user, NULL, at) a;
END $$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION take_turns_with_people(uuid), end_what_was_open(uuid, uuid, uuid, timestamptz),
  change_member_role(uuid, membership_role, uuid, timestamptz), remove_member(uuid, uuid, timestamptz),
  transfer_ownership(uuid, uuid, timestamptz), find_invitation(text, timestamptz),
  accept_invitation(text, uuid, uuid, timestamptz),
  join_by_invitation(text, timestamptz, uuid, bytea, bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION change_member_role(uuid, membership_role, uuid, timestamptz),
  remove_member(uuid, uuid, timestamptz), transfer_ownership(uuid, uuid, timestamptz) TO app_viewer;
-- Whoever brings a link proves themselves by it and by their session or a new password, so it is taken where those are.
GRANT EXECUTE ON FUNCTION find_invitation(text, timestamptz), accept_invitation(text, uuid, uuid, timestamptz),
  join_by_invitation(text, timestamptz, uuid, bytea, bytea, text) TO app_sign_in;
DO $$ DECLARE f text; BEGIN
  FOREACH f IN ARRAY ARRAY['take_turns_with_people(uuid)', 'end_what_was_open(uuid, uuid, uuid, timestamptz)',
    'change_member_role(uuid, membership_role, uuid, timestamptz)', 'remove_member(uuid, uuid, timestamptz)',
    'transfer_ownership(uuid, uuid, timestamptz)', 'find_invitation(text, timestamptz)',
    'accept_invitation(text, uuid, uuid, timestamptz)',
    'join_by_invitation(text, timestamptz, uuid, bytea, bytea, text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO app_system', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;

-- Whether an address belongs to a colleague already.
GRANT SELECT (email_index) ON users TO app_viewer;
