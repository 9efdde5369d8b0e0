/*
 * A business more for somebody who is signed in, with its first hours, greeting and limit; they own it, and the session that
 * asks goes into it. Whoever asks can do this one thing: the tier is the free one. Two who ask at the same time take turns by
 * their account's row, so that nobody owns more than `most`.
 *
 * Returns 'done', or, having changed nothing, 'too many', or 'forbidden' for an account that runs the platform.
 */
CREATE FUNCTION add_business(
  founder uuid, asking uuid, at timestamptz, most int,
  new_business uuid, business_name text, business_zone text, contact bytea, first_greeting text, hours jsonb, minutes int
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM FROM users u WHERE u.id = founder AND u.role = 'user' AND u.suspended_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 'forbidden'; END IF;
  IF (SELECT count(*) FROM memberships m WHERE m.user_id = founder AND m.role = 'business_owner') >= most THEN
    RETURN 'too many';
  END IF;
  INSERT INTO businesses (id, name, contact_email, greeting, zone, weekly_hours, monthly_minutes_limit, created_at, updated_at)
    VALUES (new_business, business_name, contact, first_greeting, business_zone, hours, minutes, at, at);
  INSERT INTO memberships (business_id, user_id, role, created_at) VALUES (new_business, founder, 'business_owner', at);
  UPDATE sessions SET business_id = new_business WHERE id = asking AND user_id = founder AND revoked_at IS NULL;
  RETURN 'done';
END $$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION
  add_business(uuid, uuid, timestamptz, int, uuid, text, text, bytea, text, jsonb, int) FROM PUBLIC;
-- Taken where an invitation is: the trail of the new business can be written from there, and not from inside another one.
GRANT EXECUTE ON FUNCTION
  add_business(uuid, uuid, timestamptz, int, uuid, text, text, bytea, text, jsonb, int) TO app_sign_in;
ALTER FUNCTION add_business(uuid, uuid, timestamptz, int, uuid, text, text, bytea, text, jsonb, int) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
