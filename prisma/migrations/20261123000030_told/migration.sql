-- Being told of a call: what each person chose, the telephones they have shown to be theirs, what became of each mail and
-- text, and who said that they see to an urgent call.

CREATE TYPE tell_about AS ENUM ('all', 'urgent', 'nothing');
CREATE TYPE tell_way AS ENUM ('mail', 'text');
CREATE TYPE tell_state AS ENUM ('wanted', 'sent', 'delivered', 'failed');

-- What a person chose. Each sets their own; the order is an owner's to set. Columns say what may be written at all, so
-- that nobody's role is among it.
ALTER TABLE memberships
  ADD mail_about tell_about,
  ADD text_about tell_about,
  ADD turn int,
  ADD CONSTRAINT memberships_turn CHECK (turn >= 0);
CREATE POLICY own_choice ON memberships FOR UPDATE TO app_viewer
  USING (business_id = app_business_id() AND user_id = app_user_id())
  WITH CHECK (business_id = app_business_id() AND user_id = app_user_id());
CREATE POLICY owners_order ON memberships FOR UPDATE TO app_viewer
  USING (business_id = app_business_id() AND app_is_owner())
  WITH CHECK (business_id = app_business_id() AND app_is_owner());
GRANT UPDATE (mail_about, text_about, turn) ON memberships TO app_viewer;

ALTER TABLE businesses
  ADD escalate_minutes int DEFAULT 15,
  ADD CONSTRAINT businesses_escalate_minutes CHECK (escalate_minutes BETWEEN 1 AND 240);
GRANT UPDATE (escalate_minutes) ON businesses TO app_viewer;

-- Telephones of people, as accounts are: of no business. Colleagues are told, so workers inside their business read them.
CREATE TABLE mobile_numbers (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  number bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  tries int NOT NULL DEFAULT 0,
  code_attempted_at timestamptz(3),
  code_error int,
  verified_at timestamptz(3),
  CONSTRAINT mobile_numbers_sealed CHECK (is_sealed(number)),
  CONSTRAINT mobile_numbers_tries CHECK (tries BETWEEN 0 AND 5),
  CONSTRAINT mobile_numbers_code CHECK ((expires_at IS NULL) = (verified_at IS NOT NULL))
);
CREATE INDEX mobile_numbers_user_id_idx ON mobile_numbers (user_id);
CREATE INDEX mobile_numbers_expires_at_idx ON mobile_numbers (expires_at);
CREATE UNIQUE INDEX mobile_numbers_verified ON mobile_numbers (user_id) WHERE verified_at IS NOT NULL;

ALTER TABLE mobile_numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON mobile_numbers TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON mobile_numbers TO app_system;
CREATE POLICY backup ON mobile_numbers FOR SELECT TO app_backup USING (true);
CREATE POLICY mine ON mobile_numbers TO app_viewer USING (user_id = app_user_id()) WITH CHECK (user_id = app_user_id());
CREATE POLICY colleagues ON mobile_numbers FOR SELECT TO app_viewer
  USING (EXISTS (SELECT FROM memberships m WHERE m.user_id = mobile_numbers.user_id AND m.business_id = app_business_id()));
-- The worker that sends a code notes its attempt. Nobody here says of a number that it is shown to be theirs.
CREATE POLICY colleagues_attempt ON mobile_numbers FOR UPDATE TO app_viewer
  USING (EXISTS (SELECT FROM memberships m WHERE m.user_id = mobile_numbers.user_id AND m.business_id = app_business_id()));
GRANT SELECT, DELETE, INSERT (id, user_id, number, created_at, expires_at, tries), UPDATE (code_attempted_at, code_error)
  ON mobile_numbers TO app_viewer;
-- A code is a secret like others, counted and compared where those are.
CREATE POLICY sign_in ON mobile_numbers TO app_sign_in USING (true) WITH CHECK (true);
GRANT SELECT (id, user_id, created_at, expires_at, tries, verified_at), UPDATE (tries, expires_at, verified_at), DELETE
  ON mobile_numbers TO app_sign_in;

-- Who is told of a call, by which way, and what became of it. They go with the call.
CREATE TABLE tellings (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  call_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  way tell_way NOT NULL,
  turn int NOT NULL,
  state tell_state NOT NULL DEFAULT 'wanted',
  created_at timestamptz(3) NOT NULL,
  attempted_at timestamptz(3),
  message_sid text,
  sent_at timestamptz(3),
  settled_at timestamptz(3),
  error_code int,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, call_id) REFERENCES calls (business_id, id) ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT tellings_sid CHECK (message_sid ~ '^(SM|MM)[0-9a-f]{32}$'),
  CONSTRAINT tellings_mail CHECK (way = 'text' OR (message_sid IS NULL AND error_code IS NULL AND state <> 'delivered')),
  CONSTRAINT tellings_states CHECK (
    (state <> 'sent' OR sent_at IS NOT NULL) AND (state IN ('delivered', 'failed')) = (settled_at IS NOT NULL)),
  CONSTRAINT tellings_turn CHECK (turn >= 0)
);
CREATE UNIQUE INDEX tellings_id_key ON tellings (id);
CREATE UNIQUE INDEX tellings_message_sid_key ON tellings (message_sid);
CREATE UNIQUE INDEX tellings_business_id_call_id_user_id_way_turn_key ON tellings (business_id, call_id, user_id, way, turn);
CREATE INDEX tellings_user_id_idx ON tellings (user_id);

ALTER TABLE tellings ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON tellings TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tellings TO app_system;
CREATE POLICY backup ON tellings FOR SELECT TO app_backup USING (true);
CREATE POLICY tenant ON tellings TO app_viewer USING (business_id = app_business_id()) WITH CHECK (business_id = app_business_id());
GRANT SELECT, INSERT, UPDATE (state, attempted_at, message_sid, sent_at, settled_at, error_code) ON tellings TO app_viewer;
CREATE POLICY granted ON tellings FOR SELECT TO app_grantee USING (business_id = app_business_id());
GRANT SELECT ON tellings TO app_grantee;

-- What is known of the owners who were told so far.
INSERT INTO tellings (business_id, id, call_id, user_id, way, turn, state, created_at, sent_at)
SELECT e.business_id, gen_random_uuid(), e.call_id, u.id, 'mail', 0, 'sent', e.at, e.at
FROM call_events e JOIN users u ON u.id::text = substring(e.key FROM 'told (.*)') WHERE e.kind = 'told';
UPDATE jobs SET kind = 'tell_people', key = 'tell-people ' || (payload ->> 'callId') WHERE kind = 'tell_owner';

-- Who sees to a call. Goes with the rest when the call is anonymised.
ALTER TABLE calls
  ADD taken_at timestamptz(3),
  ADD taken_by uuid,
  ADD CONSTRAINT calls_taken CHECK ((taken_at IS NULL) = (taken_by IS NULL)),
  DROP CONSTRAINT calls_anonymised,
  ADD CONSTRAINT calls_anonymised CHECK (CASE WHEN anonymised
    THEN num_nonnulls(call_sid, caller_number, caller_number_index, caller_number_index_b, caller_name, wanted, heard_by, called_back_by,
      taken_by) = 0
    ELSE call_sid IS NOT NULL END);
-- What goes round: few, however many calls there are.
CREATE INDEX calls_nobody_sees_to ON calls (started_at)
  WHERE urgent AND to_call_back AND taken_at IS NULL AND heard_at IS NULL;

-- Whoever was sent a link may say with it that they see to the call, and nothing else; its signature is checked before.

/* What a link leads to; nothing where its person has left, or nothing is to be taken any more. */
CREATE FUNCTION find_telling(telling uuid)
RETURNS TABLE (business_id uuid, business_name text, zone text, call_id uuid, user_id uuid, started_at timestamptz, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.business_id, b.name, b.zone, c.id, t.user_id, c.started_at,
    CASE WHEN c.taken_by = t.user_id THEN 'yours' WHEN num_nonnulls(c.taken_by, c.called_back_by) > 0 THEN 'taken' ELSE 'open' END
  FROM tellings t
    JOIN calls c ON c.business_id = t.business_id AND c.id = t.call_id
    JOIN businesses b ON b.id = c.business_id
    JOIN memberships m ON m.business_id = t.business_id AND m.user_id = t.user_id
    JOIN users u ON u.id = t.user_id
  WHERE t.id = telling AND c.urgent AND NOT c.anonymised AND b.suspended_at IS NULL AND u.suspended_at IS NULL
$$;

/* Takes the call for whom the link was sent to, once. Returns whether it was theirs to take. */
CREATE FUNCTION take_by_telling(telling uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE calls SET taken_at = at, taken_by = f.user_id FROM find_telling(telling) f
    WHERE calls.business_id = f.business_id AND calls.id = f.call_id AND f.state = 'open' AND calls.taken_at IS NULL;
  RETURN FOUND;
END $$;

GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION find_telling(uuid), take_by_telling(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_telling(uuid), take_by_telling(uuid, timestamptz) TO app_sign_in;
ALTER FUNCTION find_telling(uuid) OWNER TO app_system;
ALTER FUNCTION take_by_telling(uuid, timestamptz) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;

/*
 * The last statement of every backup, before its COMMIT, whoever restores it: no session, link, code or turn of the clock
 * that was open when the backup was made opens anything now, and jobs wait.
 */
CREATE OR REPLACE FUNCTION end_what_was_open(backup text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE at CONSTANT timestamptz(3) := now();
BEGIN
  UPDATE sessions SET revoked_at = at WHERE revoked_at IS NULL;
  UPDATE pending_sign_ins SET used_at = at WHERE used_at IS NULL AND at < expires_at;
  UPDATE one_time_tokens SET used_at = at WHERE used_at IS NULL AND at < expires_at;
  UPDATE invitations SET secret_hash = NULL WHERE accepted_at IS NULL; -- its owner can send it again
  UPDATE mobile_numbers SET expires_at = at WHERE at < expires_at;
  UPDATE jobs SET held_at = at, lease = NULL, leased_until = NULL WHERE done_at IS NULL AND dead_at IS NULL;
  UPDATE job_runs SET ended_at = at, outcome = 'abandoned' WHERE ended_at IS NULL;
  INSERT INTO restores (id, backup, restored_at) VALUES (gen_random_uuid(), backup, at);
END $$;
