-- When a session last showed that it is still its owner who sits there. NULL: never, so nothing that asks for it opens.
ALTER TABLE sessions ADD COLUMN reauthenticated_at timestamptz(3);
UPDATE sessions SET reauthenticated_at = created_at;
ALTER TABLE sessions ADD CONSTRAINT sessions_reauthenticated CHECK (created_at <= reauthenticated_at);

-- Returned with the rest of what entering proves; a changed result is a new function.
DROP FUNCTION enter_by_session(uuid, timestamptz);
/* A signed-in person. `at` is the door's clock. Touches the session at most once a minute. */
CREATE FUNCTION enter_by_session(session uuid, at timestamptz)
RETURNS TABLE (
  user_id uuid, account_role account_role, business_id uuid, membership_role membership_role, reauthenticated_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE s sessions; u users; m memberships;
BEGIN
  PERFORM set_config('app.user_id', '', true), set_config('app.business_id', '', true);
  SELECT * INTO s FROM sessions
    WHERE id = session AND revoked_at IS NULL AND at < expires_at AND at < last_seen_at + make_interval(secs => idle_seconds);
  IF NOT FOUND THEN RETURN; END IF;
  IF s.last_seen_at < at - interval '1 minute' THEN UPDATE sessions SET last_seen_at = at WHERE id = s.id; END IF;
  SELECT * INTO u FROM users WHERE id = s.user_id;
  SELECT * INTO m FROM memberships WHERE memberships.user_id = s.user_id AND memberships.business_id = s.business_id;
  PERFORM set_config('app.user_id', u.id::text, true);
  IF m.business_id IS NOT NULL THEN PERFORM set_config('app.business_id', m.business_id::text, true); END IF;
  user_id := u.id; account_role := u.role; business_id := m.business_id; membership_role := m.role;
  reauthenticated_at := s.reauthenticated_at;
  RETURN NEXT;
END $$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION enter_by_session(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_by_session(uuid, timestamptz) TO app;
ALTER FUNCTION enter_by_session(uuid, timestamptz) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
