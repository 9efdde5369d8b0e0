-- Break-glass: who runs the platform reads the calls of one business, for a while, with a reason that its owners see. One
-- more role, which can look at calls and write to the business's trail, and nothing else:
--   app_grantee  the operator inside a business, by a grant
DO $$ BEGIN
  CREATE ROLE app_grantee NOLOGIN NOBYPASSRLS;
EXCEPTION WHEN duplicate_object THEN NULL; -- roles belong to the server: another database of it has them already
END $$;
GRANT app_grantee TO app WITH INHERIT FALSE, SET TRUE;
GRANT USAGE ON SCHEMA public TO app_grantee;

-- No foreign keys to the person and the session: that it was opened stays known when they are gone.
CREATE TABLE access_grants (
  business_id uuid NOT NULL REFERENCES businesses ON DELETE CASCADE ON UPDATE CASCADE,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  session_id uuid NOT NULL,
  reason bytea NOT NULL,
  started_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  ended_by uuid,
  PRIMARY KEY (business_id, id),
  CONSTRAINT access_grants_sealed CHECK (is_sealed(reason)),
  CONSTRAINT access_grants_an_hour CHECK (started_at < expires_at AND expires_at <= started_at + interval '60 minutes'),
  CONSTRAINT access_grants_ended CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX access_grants_session_id_idx ON access_grants (session_id);

ALTER TABLE access_grants ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON access_grants TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON access_grants TO app_system;

-- The operator opens their own, and ends them; what has ended stays ended.
CREATE POLICY admin ON access_grants FOR SELECT TO app_admin USING (true);
CREATE POLICY admin_open ON access_grants FOR INSERT TO app_admin WITH CHECK (user_id = app_user_id() AND ended_at IS NULL);
CREATE POLICY admin_end ON access_grants FOR UPDATE TO app_admin
  USING (user_id = app_user_id() AND ended_at IS NULL) WITH CHECK (ended_at IS NOT NULL AND ended_by = app_user_id());
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON access_grants TO app_admin;

-- Its business sees each of them, and who it was; an owner ends it.
CREATE POLICY tenant ON access_grants FOR SELECT TO app_viewer USING (business_id = app_business_id() OR user_id = app_user_id());
CREATE POLICY owner_ends ON access_grants FOR UPDATE TO app_viewer
  USING (business_id = app_business_id() AND ended_at IS NULL AND EXISTS (SELECT FROM memberships m
    WHERE m.business_id = app_business_id() AND m.user_id = app_user_id() AND m.role = 'business_owner'))
  WITH CHECK (business_id = app_business_id() AND ended_at IS NOT NULL AND ended_by = app_user_id());
GRANT SELECT, UPDATE (ended_at, ended_by) ON access_grants TO app_viewer;
CREATE POLICY operators ON users FOR SELECT TO app_viewer
  USING (EXISTS (SELECT FROM access_grants g WHERE g.user_id = users.id AND g.business_id = app_business_id()));

-- Inside: to look at calls. Who worked on them has a name; e-mails, numbers to ring and settings stay closed.
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['phone_routes', 'calls', 'call_events', 'recordings', 'transcripts'] LOOP
    EXECUTE format('CREATE POLICY granted ON %I FOR SELECT TO app_grantee USING (business_id = app_business_id())', t);
    EXECUTE format('GRANT SELECT ON %I TO app_grantee', t);
  END LOOP;
END $$;
CREATE POLICY granted ON businesses FOR SELECT TO app_grantee USING (id = app_business_id());
GRANT SELECT (id, name, zone) ON businesses TO app_grantee;
CREATE POLICY granted ON memberships FOR SELECT TO app_grantee USING (business_id = app_business_id());
GRANT SELECT (business_id, user_id) ON memberships TO app_grantee;
CREATE POLICY granted ON users FOR SELECT TO app_grantee
  USING (id = app_user_id() OR EXISTS (SELECT FROM memberships m WHERE m.user_id = users.id AND m.business_id = app_business_id()));
GRANT SELECT (id, name) ON users TO app_grantee;
CREATE POLICY granted ON access_grants FOR SELECT TO app_grantee USING (business_id = app_business_id() AND user_id = app_user_id());
GRANT SELECT ON access_grants TO app_grantee;

CREATE FUNCTION app_grant_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.grant_id', true), '');
-- Whatever is written down in there names the grant, or it is not written, and then nothing was opened either.
CREATE POLICY granted ON audit_logs FOR INSERT TO app_grantee
  WITH CHECK (business_id = app_business_id() AND user_id = app_user_id() AND details ->> 'grant' = app_grant_id());
GRANT INSERT ON audit_logs TO app_grantee;

/*
 * An admin, into the business that their session holds a grant for. Proved anew in every transaction: the session, the
 * person, the role, the second factor, and that the grant has neither ended nor run out at `at`, the door's clock.
 */
CREATE FUNCTION enter_by_grant(session uuid, at timestamptz)
RETURNS TABLE (grant_id uuid, business_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE g access_grants;
BEGIN
  PERFORM set_config('app.grant_id', '', true);
  SELECT a.* INTO g FROM access_grants a JOIN sessions s ON s.id = a.session_id JOIN users u ON u.id = a.user_id
    WHERE a.session_id = session AND s.user_id = a.user_id AND u.role = 'admin' AND u.suspended_at IS NULL AND u.two_factor_enabled
      AND s.revoked_at IS NULL AND at < s.expires_at AND at < s.last_seen_at + make_interval(secs => s.idle_seconds)
      AND a.ended_at IS NULL AND a.started_at <= at AND at < a.expires_at
    ORDER BY a.started_at DESC, a.id DESC LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.user_id', g.user_id::text, true), set_config('app.business_id', g.business_id::text, true),
    set_config('app.grant_id', g.id::text, true);
  grant_id := g.id; business_id := g.business_id;
  RETURN NEXT;
END $$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION enter_by_grant(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter_by_grant(uuid, timestamptz) TO app;
ALTER FUNCTION enter_by_grant(uuid, timestamptz) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
