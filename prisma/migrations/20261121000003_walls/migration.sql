-- The tenant walls. One login, `app`, that owns nothing and may do nothing until a door has said who is asking:
--   app_viewer   a signed-in person, inside one business or none; also Twilio and a job, inside one business
--   app_admin    the platform's operator: accounts, businesses, jobs, audit; no grant on what callers say
--   app_sign_in  sign-in: accounts, passwords, sessions; no grant on any business's data
--   app_system   the clock and the job runner: every row
-- Each transaction's first statement enters one of them. Row-level security is enabled and not forced: migrations and
-- restores run as the tables' owner, whose address the web process never has.
DO $$ DECLARE r text; BEGIN
  FOREACH r IN ARRAY ARRAY['app', 'app_viewer', 'app_admin', 'app_sign_in', 'app_system'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', r);
    EXCEPTION WHEN duplicate_object THEN NULL; -- roles belong to the server: another database of it has them already
    END;
  END LOOP;
END $$;
GRANT app_viewer, app_admin, app_sign_in, app_system TO app WITH INHERIT FALSE, SET TRUE;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app, app_viewer, app_admin, app_sign_in, app_system;

-- After a transaction a local setting is '', not NULL.
CREATE FUNCTION app_business_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.business_id', true), '')::uuid;
CREATE FUNCTION app_user_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.user_id', true), '')::uuid;

DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'rate_limits') LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY system ON %I TO app_system USING (true) WITH CHECK (true)', t);
    IF t <> 'audit_logs' THEN EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO app_system', t); END IF;
  END LOOP;
END $$;

-- The limiter counts before anybody is known: the one table the login itself may touch. Its keys are hashes.
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO app;

-- A business's own rows.
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['phone_routes', 'duty_contacts', 'calls', 'call_events', 'recordings', 'transcripts', 'appointments'] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I TO app_viewer USING (business_id = app_business_id()) WITH CHECK (business_id = app_business_id())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, DELETE ON phone_routes TO app_viewer;
GRANT SELECT, INSERT, UPDATE, DELETE ON duty_contacts TO app_viewer;
GRANT SELECT, INSERT, UPDATE ON calls, recordings, transcripts, appointments TO app_viewer;
GRANT SELECT, INSERT ON call_events TO app_viewer;

-- The business itself: tier and limit are the platform's to set.
CREATE POLICY inside ON businesses TO app_viewer USING (id = app_business_id()) WITH CHECK (id = app_business_id());
CREATE POLICY mine ON businesses FOR SELECT TO app_viewer
  USING (EXISTS (SELECT FROM memberships m WHERE m.business_id = businesses.id AND m.user_id = app_user_id()));
GRANT SELECT ON businesses TO app_viewer;
GRANT UPDATE (name, contact_email, greeting, zone, weekly_hours, exceptions, forward_when_open, emergency_forwarding, ring_seconds, updated_at)
  ON businesses TO app_viewer;

-- People: oneself and colleagues, by column. Locks and second factors are nobody's to read here; roles nobody's to set.
CREATE POLICY me ON users FOR SELECT TO app_viewer USING (id = app_user_id());
CREATE POLICY colleagues ON users FOR SELECT TO app_viewer
  USING (EXISTS (SELECT FROM memberships m WHERE m.user_id = users.id AND m.business_id = app_business_id()));
GRANT SELECT (id, email, name, role, created_at, last_login, two_factor_enabled) ON users TO app_viewer;
CREATE POLICY tenant ON memberships FOR SELECT TO app_viewer USING (business_id = app_business_id());
CREATE POLICY mine ON memberships FOR SELECT TO app_viewer USING (user_id = app_user_id());
GRANT SELECT ON memberships TO app_viewer;

-- One's own sessions: see them, end them, choose the business they look at.
CREATE POLICY mine ON sessions TO app_viewer USING (user_id = app_user_id()) WITH CHECK (
  user_id = app_user_id()
  AND (business_id IS NULL OR EXISTS (SELECT FROM memberships m WHERE m.business_id = sessions.business_id AND m.user_id = app_user_id())));
GRANT SELECT ON sessions TO app_viewer;
GRANT UPDATE (revoked_at, business_id) ON sessions TO app_viewer;

-- The trail: append-only for everybody. Nobody holds UPDATE or DELETE on it.
CREATE POLICY read ON audit_logs FOR SELECT TO app_viewer USING (business_id = app_business_id() OR user_id = app_user_id());
CREATE POLICY write ON audit_logs FOR INSERT TO app_viewer
  WITH CHECK (business_id IS NOT DISTINCT FROM app_business_id() AND user_id IS NOT DISTINCT FROM app_user_id());
CREATE POLICY sign_in ON audit_logs FOR INSERT TO app_sign_in WITH CHECK (business_id IS NULL);
CREATE POLICY admin ON audit_logs TO app_admin USING (true) WITH CHECK (user_id = app_user_id());
GRANT SELECT, INSERT ON audit_logs TO app_viewer, app_admin, app_system;
GRANT INSERT ON audit_logs TO app_sign_in;

-- Effects: a visitor may want one, not read or change what others wanted. ON CONFLICT DO NOTHING works without SELECT.
CREATE POLICY write ON jobs FOR INSERT TO app_viewer WITH CHECK (business_id IS NOT DISTINCT FROM app_business_id());
CREATE POLICY sign_in ON jobs FOR INSERT TO app_sign_in WITH CHECK (business_id IS NULL);
GRANT INSERT ON jobs TO app_viewer, app_sign_in;

-- The operator: figures and accounts, never callers.
CREATE POLICY admin ON users TO app_admin USING (true) WITH CHECK (true);
CREATE POLICY admin ON businesses TO app_admin USING (true) WITH CHECK (true);
CREATE POLICY admin ON memberships FOR SELECT TO app_admin USING (true);
CREATE POLICY admin ON jobs FOR SELECT TO app_admin USING (true);
CREATE POLICY admin ON calls FOR SELECT TO app_admin USING (true);
GRANT SELECT (id, email, name, role, created_at, last_login, failed_login_attempts, account_locked_until, two_factor_enabled) ON users TO app_admin;
GRANT SELECT (id, name, zone, tier, monthly_minutes_limit, created_at) ON businesses TO app_admin;
GRANT SELECT ON memberships, jobs TO app_admin;
GRANT SELECT (business_id, started_at, seconds_used, seconds_charged) ON calls TO app_admin; -- to count, not to read

-- Sign-in.
CREATE POLICY sign_in ON users TO app_sign_in USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON credentials FOR SELECT TO app_sign_in USING (true);
CREATE POLICY sign_in ON memberships FOR SELECT TO app_sign_in USING (true);
CREATE POLICY sign_in ON sessions TO app_sign_in USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON unknown_sign_ins TO app_sign_in USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (last_login, failed_login_attempts, account_locked_until) ON users TO app_sign_in;
GRANT SELECT ON credentials, memberships TO app_sign_in;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON sessions TO app_sign_in;
GRANT SELECT, INSERT, UPDATE ON unknown_sign_ins TO app_sign_in;

-- The ways in. Each proves the right to enter, sets it for this transaction alone, and returns what was proven.
-- Found nothing: nothing is set, and every table stays empty or denied.

/* A signed-in person. `at` is the door's clock. Touches the session at most once a minute. */
CREATE FUNCTION enter_by_session(session uuid, at timestamptz)
RETURNS TABLE (user_id uuid, account_role account_role, business_id uuid, membership_role membership_role)
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
  RETURN NEXT;
END $$;

/* Twilio, at the first ring: the business that owns the number called. */
CREATE FUNCTION enter_by_phone(called text) RETURNS TABLE (business_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM set_config('app.user_id', '', true), set_config('app.business_id', '', true);
  SELECT r.business_id INTO business_id FROM phone_routes r WHERE r.number = called;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.business_id', business_id::text, true);
  RETURN NEXT;
END $$;

/* Twilio, later: callbacks carry no number called, only the call. Its requests take turns. */
CREATE FUNCTION enter_by_call(sid text) RETURNS TABLE (business_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM set_config('app.user_id', '', true), set_config('app.business_id', '', true);
  -- Locked until the end of the transaction, or two requests at once would each write what they know over the other's.
  SELECT c.business_id INTO business_id FROM calls c WHERE c.call_sid = sid FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.business_id', business_id::text, true);
  RETURN NEXT;
END $$;

/* A worker, inside the business of the job it holds: a lease that has passed on opens nothing. */
CREATE FUNCTION enter_by_job(job uuid, held uuid) RETURNS TABLE (business_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM set_config('app.user_id', '', true), set_config('app.business_id', '', true);
  -- Locked until the end of the transaction, or another worker could claim the job between this look and what is written.
  SELECT j.business_id INTO business_id FROM jobs j WHERE j.id = job AND j.lease = held AND j.done_at IS NULL AND j.dead_at IS NULL
    FOR SHARE;
  IF NOT FOUND THEN RETURN; END IF;
  IF business_id IS NOT NULL THEN PERFORM set_config('app.business_id', business_id::text, true); END IF;
  RETURN NEXT;
END $$;

-- Owned by app_system, which sees every row through its policy.
-- Since PostgreSQL 16 creating a role does not let one become it: the owner is let in for the hand-over alone.
GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
DO $$ DECLARE f text; BEGIN
  FOREACH f IN ARRAY ARRAY['enter_by_session(uuid, timestamptz)', 'enter_by_phone(text)', 'enter_by_call(text)', 'enter_by_job(uuid, uuid)'] LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO app_system', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
