-- Suspension: a person signs in nowhere, a business is entered by nobody. Calls of a suspended business are still answered
-- (docs/decisions/018-what-an-admin-may.md), so the ways in of Twilio and of jobs stay as they are.
ALTER TABLE users ADD COLUMN suspended_at timestamptz(3);
ALTER TABLE businesses ADD COLUMN suspended_at timestamptz(3);

-- What the operator sees and changes of people and businesses. Nobody changes their own account from there: a role above
-- all is given by somebody else.
DROP POLICY admin ON users;
CREATE POLICY admin ON users FOR SELECT TO app_admin USING (true);
CREATE POLICY admin_change ON users FOR UPDATE TO app_admin USING (id <> app_user_id()) WITH CHECK (id <> app_user_id());
GRANT SELECT (suspended_at), UPDATE (role, suspended_at, failed_login_attempts, account_locked_until) ON users TO app_admin;
GRANT SELECT (suspended_at), UPDATE (tier, monthly_minutes_limit, suspended_at) ON businesses TO app_admin;
CREATE POLICY admin ON phone_routes FOR SELECT TO app_admin USING (true);
GRANT SELECT ON phone_routes TO app_admin;
CREATE POLICY admin ON sessions FOR SELECT TO app_admin USING (true);
CREATE POLICY admin_end ON sessions FOR UPDATE TO app_admin USING (user_id <> app_user_id()) WITH CHECK (revoked_at IS NOT NULL);
GRANT SELECT (id, user_id, created_at, last_seen_at, idle_seconds, expires_at, revoked_at), UPDATE (revoked_at) ON sessions TO app_admin;
CREATE POLICY admin ON known_devices TO app_admin USING (true) WITH CHECK (true);
GRANT SELECT (user_id), UPDATE (failed_login_attempts, locked_until) ON known_devices TO app_admin;
-- Mails to the people concerned.
CREATE POLICY admin_want ON jobs FOR INSERT TO app_admin WITH CHECK (business_id IS NULL);
GRANT INSERT ON jobs TO app_admin;

-- Sign-in refuses the suspended, and begins in a business that is open.
CREATE POLICY sign_in ON businesses FOR SELECT TO app_sign_in USING (true);
GRANT SELECT (id, suspended_at) ON businesses TO app_sign_in;

-- The lists of people, newest first, by place: (created_at, id).
CREATE INDEX users_created_at_id_idx ON users (created_at DESC, id DESC);
CREATE INDEX businesses_created_at_id_idx ON businesses (created_at DESC, id DESC);

/*
 * Somebody can always run the platform: an admin who is not suspended and can sign in. Two who take each other's role away
 * at the same time take turns here, and the second then sees what the first did.
 */
CREATE FUNCTION keep_an_admin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('keep_an_admin'));
  IF NOT EXISTS (SELECT FROM users u JOIN credentials c ON c.user_id = u.id
      WHERE u.role = 'admin' AND u.suspended_at IS NULL AND u.id <> OLD.id) THEN
    RAISE EXCEPTION 'the last admin stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'users_an_admin';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER users_an_admin_changes BEFORE UPDATE OF role, suspended_at ON users FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.suspended_at IS NULL AND (NEW.role <> 'admin' OR NEW.suspended_at IS NOT NULL))
  EXECUTE FUNCTION keep_an_admin();
CREATE TRIGGER users_an_admin_goes BEFORE DELETE ON users FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.suspended_at IS NULL) EXECUTE FUNCTION keep_an_admin();

DROP FUNCTION enter_by_session(uuid, timestamptz);
/*
 * A signed-in person. `at` is the door's clock. Touches the session at most once a minute. Somebody suspended enters
 * nothing, and nobody enters a business that is. Who must have a second factor where this session is and has none, enters
 * no business and holds no role: whatever a door forgets, there is nothing to see.
 */
CREATE FUNCTION enter_by_session(session uuid, at timestamptz)
RETURNS TABLE (
  user_id uuid, account_role account_role, business_id uuid, membership_role membership_role, reauthenticated_at timestamptz,
  lacks_second_factor boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE s sessions; u users; m memberships; is_required boolean;
BEGIN
  PERFORM set_config('app.user_id', '', true), set_config('app.business_id', '', true);
  SELECT * INTO s FROM sessions
    WHERE id = session AND revoked_at IS NULL AND at < expires_at AND at < last_seen_at + make_interval(secs => idle_seconds);
  IF NOT FOUND THEN RETURN; END IF;
  SELECT * INTO u FROM users WHERE id = s.user_id AND suspended_at IS NULL;
  IF NOT FOUND THEN RETURN; END IF;
  IF s.last_seen_at < at - interval '1 minute' THEN UPDATE sessions SET last_seen_at = at WHERE id = s.id; END IF;
  SELECT memberships.* INTO m FROM memberships JOIN businesses b ON b.id = memberships.business_id
    WHERE memberships.user_id = s.user_id AND memberships.business_id = s.business_id AND b.suspended_at IS NULL;
  SELECT two_factor_required INTO is_required FROM businesses WHERE id = m.business_id;
  user_id := u.id; reauthenticated_at := s.reauthenticated_at;
  lacks_second_factor := NOT u.two_factor_enabled AND (u.role = 'admin' OR coalesce(is_required, false));
  PERFORM set_config('app.user_id', u.id::text, true);
  IF lacks_second_factor THEN
    account_role := 'user';
    RETURN NEXT;
    RETURN;
  END IF;
  IF m.business_id IS NOT NULL THEN PERFORM set_config('app.business_id', m.business_id::text, true); END IF;
  account_role := u.role; business_id := m.business_id; membership_role := m.role;
  RETURN NEXT;
END $$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION enter_by_session(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_by_session(uuid, timestamptz) TO app;
ALTER FUNCTION enter_by_session(uuid, timestamptz) OWNER TO app_system;
ALTER FUNCTION keep_an_admin() OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
