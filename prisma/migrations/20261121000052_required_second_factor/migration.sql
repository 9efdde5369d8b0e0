-- A business may ask everybody who signs in for it for a second factor; whoever runs the platform always needs one.
ALTER TABLE businesses ADD COLUMN two_factor_required boolean NOT NULL DEFAULT false;
GRANT UPDATE (two_factor_required) ON businesses TO app_viewer;

/* Whether an account must have a second factor: as an admin, or for one of the businesses it belongs to. */
CREATE FUNCTION needs_second_factor(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT FROM users WHERE id = who AND role = 'admin')
    OR EXISTS (SELECT FROM memberships m JOIN businesses b ON b.id = m.business_id WHERE m.user_id = who AND b.two_factor_required)
$$;

-- Returned with the rest of what entering proves; a changed result is a new function.
DROP FUNCTION enter_by_session(uuid, timestamptz);
/*
 * A signed-in person. `at` is the door's clock. Touches the session at most once a minute. Who must have a second factor
 * where this session is and has none, enters no business and holds no role: whatever a door forgets, there is nothing to see.
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
  IF s.last_seen_at < at - interval '1 minute' THEN UPDATE sessions SET last_seen_at = at WHERE id = s.id; END IF;
  SELECT * INTO u FROM users WHERE id = s.user_id;
  SELECT * INTO m FROM memberships WHERE memberships.user_id = s.user_id AND memberships.business_id = s.business_id;
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
REVOKE EXECUTE ON FUNCTION enter_by_session(uuid, timestamptz), needs_second_factor(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_by_session(uuid, timestamptz) TO app;
GRANT EXECUTE ON FUNCTION needs_second_factor(uuid) TO app_viewer, app_sign_in;
ALTER FUNCTION enter_by_session(uuid, timestamptz) OWNER TO app_system;
ALTER FUNCTION needs_second_factor(uuid) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
