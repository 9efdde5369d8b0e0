-- The trail is append-only for everybody, its owner included: grants hold the application's roles back, this holds back
-- whoever works on the database by hand and whatever is granted by mistake later. One trigger a statement, so that also
-- a statement that would touch no row fails, and loudly.
--
-- There is no exception on purpose. What must one day delete or blank old entries (retention after the promised two
-- years, an erasure) comes with a migration of its own: a function that does this one thing for entries it has checked,
-- and a condition here that lets that function's owner through. A way that nobody uses yet would only be a hole.
CREATE FUNCTION refuse_change_of_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_logs is append-only: % refused', lower(TG_OP) USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_logs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_trail();
-- Also where a session calls itself a replica, which skips ordinary triggers.
ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER append_only;

-- A sign-in belongs to the trail of the business that it leads into, and to that of no other.
DROP POLICY sign_in ON audit_logs;
CREATE POLICY sign_in ON audit_logs FOR INSERT TO app_sign_in WITH CHECK (
  business_id IS NULL
  OR EXISTS (SELECT FROM memberships m WHERE m.business_id = audit_logs.business_id AND m.user_id = audit_logs.user_id));

-- Each search of the trail, newest first, by place: (timestamp, id). bench/README.md has the figures.
CREATE INDEX audit_logs_user_id_timestamp_id_idx ON audit_logs (user_id, timestamp DESC, id DESC);
CREATE INDEX audit_logs_business_id_user_id_timestamp_id_idx ON audit_logs (business_id, user_id, timestamp DESC, id DESC);
CREATE INDEX audit_logs_business_id_action_timestamp_id_idx ON audit_logs (business_id, action, timestamp DESC, id DESC);
CREATE INDEX audit_logs_business_id_resource_type_timestamp_id_idx ON audit_logs (business_id, resource_type, timestamp DESC, id DESC);
CREATE INDEX audit_logs_action_timestamp_id_idx ON audit_logs (action, timestamp DESC, id DESC);
CREATE INDEX audit_logs_resource_type_timestamp_id_idx ON audit_logs (resource_type, timestamp DESC, id DESC);
CREATE INDEX audit_logs_resource_id_idx ON audit_logs (resource_id);
-- Who has seen this call: the ids that an entry names.
CREATE INDEX audit_logs_named ON audit_logs USING gin ((details -> 'ids') jsonb_path_ops);

/*
 * The entries of the business one is in that speak of a resource or name it. A function, because under row-level security
 * no index answers `@>`: the operator is not leakproof, so each row would have to pass the policy first.
 */
CREATE FUNCTION audit_entries_about(resource text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public ROWS 100 AS $$
  SELECT id FROM audit_logs
  WHERE business_id = app_business_id() AND (resource_id = resource OR details -> 'ids' @> to_jsonb(resource))
$$;

/*
 * The actions and the kinds of resource on the trail of the business one is in. Steps through the index from one to the
 * next: as many looks as there are different ones. A function for the same reason: `>` on text is not leakproof.
 */
CREATE FUNCTION audit_choices() RETURNS TABLE (kind text, word text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH RECURSIVE actions AS (
    (SELECT action AS word FROM audit_logs WHERE business_id = app_business_id() ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT action FROM audit_logs WHERE business_id = app_business_id() AND action > a.word ORDER BY action LIMIT 1)
    FROM actions a WHERE a.word IS NOT NULL
  ), types AS (
    (SELECT resource_type AS word FROM audit_logs WHERE business_id = app_business_id() ORDER BY resource_type LIMIT 1)
    UNION ALL
    SELECT (SELECT resource_type FROM audit_logs WHERE business_id = app_business_id() AND resource_type > t.word
      ORDER BY resource_type LIMIT 1)
    FROM types t WHERE t.word IS NOT NULL
  )
  SELECT 'action', word FROM actions WHERE word IS NOT NULL
  UNION ALL SELECT 'type', word FROM types WHERE word IS NOT NULL
$$;
GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION audit_entries_about(text), audit_choices() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_entries_about(text), audit_choices() TO app_viewer;
ALTER FUNCTION audit_entries_about(text) OWNER TO app_system;
ALTER FUNCTION audit_choices() OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;

-- The operator looks a person up by e-mail without reading anybody's.
GRANT SELECT (email_index) ON users TO app_admin;
