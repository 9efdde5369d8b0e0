/*
 * Since when a grant opens nothing because its session is over: signed out, revoked, renewed under another id, run out or
 * idle for too long. Null while the session goes on; the beginning of the grant where the session is no longer known. Whoever
 * may see the grant may know this of it, and of the session nothing else.
 */
CREATE FUNCTION grant_broken_off(business uuid, grant_id uuid, at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN s.id IS NULL THEN a.started_at WHEN ending.moment <= at THEN ending.moment END
  FROM access_grants a LEFT JOIN sessions s ON s.id = a.session_id AND s.user_id = a.user_id,
    LATERAL (SELECT least(s.revoked_at, s.expires_at, s.last_seen_at + make_interval(secs => s.idle_seconds)) AS moment) ending
  WHERE a.business_id = business AND a.id = grant_id
$$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION grant_broken_off(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION grant_broken_off(uuid, uuid, timestamptz) TO app_viewer, app_admin;
ALTER FUNCTION grant_broken_off(uuid, uuid, timestamptz) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
