-- How long things are kept: what a business chose, what holds it up, what became of it, and whom nobody may contact.

-- Days, where a business chose others than the promised ones. The numbers are those of lib/rules/retention.ts; a test
-- compares them. What is said is not kept longer than the call it belongs to.
ALTER TABLE businesses
  ADD recording_days int,
  ADD transcript_days int,
  ADD metadata_days int,
  ADD retention_basis text,
  ADD CONSTRAINT businesses_kept CHECK (
    recording_days BETWEEN 1 AND 3650 AND transcript_days BETWEEN 1 AND 3650 AND metadata_days BETWEEN 30 AND 3650
    AND coalesce(metadata_days, 365) >= greatest(coalesce(recording_days, 30), coalesce(transcript_days, 90))),
  ADD CONSTRAINT businesses_kept_longer CHECK (
    retention_basis IS NOT NULL
    OR (coalesce(recording_days, 30) <= 30 AND coalesce(transcript_days, 90) <= 90 AND coalesce(metadata_days, 365) <= 365)),
  ADD CONSTRAINT businesses_retention_basis CHECK (length(btrim(retention_basis)) BETWEEN 3 AND 200);
GRANT UPDATE (recording_days, transcript_days, metadata_days, retention_basis) ON businesses TO app_viewer;
GRANT SELECT (recording_days, transcript_days, metadata_days, retention_basis) ON businesses TO app_grantee;

-- Legal holds: of a call, of a person by the number they call from, or, with neither, of the whole business. One that is
-- lifted is gone; the trail remembers it. No call under a hold of its own can be deleted or renamed, whoever tries.
CREATE TABLE legal_holds (
  business_id uuid NOT NULL REFERENCES businesses ON DELETE CASCADE ON UPDATE CASCADE,
  id uuid NOT NULL,
  call_id uuid,
  person bytea,
  person_index bytea,
  person_index_b bytea,
  reason bytea NOT NULL,
  placed_by uuid,
  placed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, call_id) REFERENCES calls (business_id, id) ON DELETE NO ACTION ON UPDATE NO ACTION,
  CONSTRAINT legal_holds_sealed CHECK (is_sealed(reason) AND is_sealed(person)),
  CONSTRAINT legal_holds_index CHECK (is_blind_index(person_index) AND is_blind_index(person_index_b)),
  CONSTRAINT legal_holds_of_one CHECK (
    num_nonnulls(call_id, person) <= 1 AND num_nonnulls(person, person_index, person_index_b) IN (0, 3))
);
CREATE UNIQUE INDEX legal_holds_call ON legal_holds (business_id, call_id) WHERE call_id IS NOT NULL;
CREATE UNIQUE INDEX legal_holds_person ON legal_holds (business_id, person_index) WHERE person IS NOT NULL;
CREATE UNIQUE INDEX legal_holds_person_b ON legal_holds (business_id, person_index_b) WHERE person IS NOT NULL;
CREATE UNIQUE INDEX legal_holds_business ON legal_holds (business_id) WHERE call_id IS NULL AND person IS NULL;

ALTER TABLE legal_holds ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON legal_holds TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON legal_holds TO app_system;
CREATE POLICY owners ON legal_holds TO app_viewer
  USING (business_id = app_business_id() AND app_is_owner())
  WITH CHECK (business_id = app_business_id() AND app_is_owner());
GRANT SELECT, INSERT, DELETE ON legal_holds TO app_viewer;

/* Whether everything of a business is held. */
CREATE FUNCTION is_held(business uuid) RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (SELECT FROM legal_holds h WHERE h.business_id = business AND h.call_id IS NULL AND h.person IS NULL);

/* The calls of a business that a hold of their own, or one of their caller, stops from going. */
CREATE FUNCTION held_calls(business uuid) RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 10 AS $$
  SELECT h.call_id FROM legal_holds h WHERE h.business_id = business AND h.call_id IS NOT NULL
  UNION
  SELECT c.id FROM legal_holds h JOIN calls c ON c.business_id = h.business_id AND c.caller_number_index = h.person_index
    WHERE h.business_id = business
  UNION
  SELECT c.id FROM legal_holds h JOIN calls c ON c.business_id = h.business_id AND c.caller_number_index_b = h.person_index_b
    WHERE h.business_id = business
$$;

-- Whom a business may not contact, by number: it outlives the caller's own data, or nobody would know. What is ended was
-- taken back by the person; the law asks for its record for five years (47 CFR 64.1200(d)(6)).
CREATE TYPE opt_out_channel AS ENUM ('texts', 'calls');
CREATE TABLE opt_outs (
  business_id uuid NOT NULL REFERENCES businesses ON DELETE CASCADE ON UPDATE CASCADE,
  id uuid NOT NULL,
  channel opt_out_channel NOT NULL,
  number bytea NOT NULL,
  number_index bytea NOT NULL,
  number_index_b bytea NOT NULL,
  since timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  PRIMARY KEY (business_id, id),
  CONSTRAINT opt_outs_sealed CHECK (is_sealed(number)),
  CONSTRAINT opt_outs_index CHECK (is_blind_index(number_index) AND is_blind_index(number_index_b)),
  CONSTRAINT opt_outs_order CHECK (since <= ended_at)
);
CREATE UNIQUE INDEX opt_outs_in_force ON opt_outs (business_id, number_index, channel) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX opt_outs_in_force_b ON opt_outs (business_id, number_index_b, channel) WHERE ended_at IS NULL;
CREATE INDEX opt_outs_business_id_ended_at_idx ON opt_outs (business_id, ended_at);

ALTER TABLE opt_outs ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON opt_outs TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON opt_outs TO app_system;
CREATE POLICY tenant ON opt_outs TO app_viewer USING (business_id = app_business_id()) WITH CHECK (business_id = app_business_id());
GRANT SELECT, INSERT, UPDATE (ended_at) ON opt_outs TO app_viewer;

-- When a business was last looked after, and what went then. The next run begins with who has waited longest.
CREATE TABLE retention_reports (
  business_id uuid PRIMARY KEY REFERENCES businesses ON DELETE CASCADE ON UPDATE CASCADE,
  looked_at timestamptz(3) NOT NULL,
  recordings int NOT NULL,
  transcripts int NOT NULL,
  calls int NOT NULL,
  appointments int NOT NULL,
  past_due_seconds int NOT NULL
);
CREATE INDEX retention_reports_looked_at_idx ON retention_reports (looked_at);

ALTER TABLE retention_reports ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON retention_reports TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON retention_reports TO app_system;
CREATE POLICY tenant ON retention_reports FOR SELECT TO app_viewer USING (business_id = app_business_id());
GRANT SELECT ON retention_reports TO app_viewer;

-- Anonymised: how many and how long stays known, and nothing that leads to somebody. The row gets another id (the old one
-- told the millisecond of the call, and stands in the trail) and begins at a full hour.
ALTER TABLE calls
  ALTER call_sid DROP NOT NULL,
  ADD anonymised boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT calls_anonymised CHECK (CASE WHEN anonymised
    THEN num_nonnulls(call_sid, caller_number, caller_number_index, caller_number_index_b, caller_name, wanted, heard_by, called_back_by) = 0
    ELSE call_sid IS NOT NULL END);
ALTER TABLE appointments
  ALTER customer_name DROP NOT NULL,
  ADD anonymised boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT appointments_anonymised CHECK (CASE WHEN anonymised
    THEN num_nonnulls(customer_name, customer_phone, customer_phone_index, customer_phone_index_b, customer_email, customer_email_index,
      customer_email_index_b, notes) = 0
    ELSE customer_name IS NOT NULL END);

-- What retention walks along, oldest first.
CREATE INDEX recordings_business_id_created_at_idx ON recordings (business_id, created_at);
CREATE INDEX transcripts_business_id_created_at_idx ON transcripts (business_id, created_at);
CREATE INDEX calls_to_anonymise ON calls (business_id, started_at) WHERE NOT anonymised;
CREATE INDEX calls_wanted ON calls (business_id, started_at) WHERE wanted IS NOT NULL;
CREATE INDEX call_events_said ON call_events (business_id, at) WHERE said IS NOT NULL;
CREATE INDEX appointments_to_anonymise ON appointments (business_id, ends_at) WHERE NOT anonymised;
CREATE INDEX appointments_notes ON appointments (business_id, ends_at) WHERE notes IS NOT NULL;
CREATE INDEX invitations_business_id_expires_at_idx ON invitations (business_id, expires_at);
CREATE INDEX access_grants_business_id_expires_at_idx ON access_grants (business_id, expires_at);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
CREATE INDEX one_time_tokens_expires_at_idx ON one_time_tokens (expires_at);
CREATE INDEX pending_sign_ins_expires_at_idx ON pending_sign_ins (expires_at);
CREATE INDEX known_devices_last_seen_at_idx ON known_devices (last_seen_at);
CREATE INDEX jobs_done ON jobs (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX jobs_dead ON jobs (dead_at) WHERE dead_at IS NOT NULL;

/*
 * Why an account cannot be erased now: of which business it is the only owner, and which one's trail, where it stands, is
 * under a legal hold; 'last_admin' without a business. Somebody signed in asks of themselves alone.
 */
CREATE FUNCTION what_keeps_account(who uuid) RETURNS TABLE (why text, business_id uuid, business_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT 'sole_owner', b.id, b.name FROM memberships m JOIN businesses b ON b.id = m.business_id
    WHERE m.user_id = who AND m.role = 'business_owner' AND (app_user_id() IS NULL OR app_user_id() = who)
      AND NOT EXISTS (SELECT FROM memberships o WHERE o.business_id = m.business_id AND o.role = 'business_owner' AND o.user_id <> who)
  UNION ALL
  SELECT 'legal_hold', b.id, b.name FROM memberships m JOIN businesses b ON b.id = m.business_id
    WHERE m.user_id = who AND (app_user_id() IS NULL OR app_user_id() = who) AND is_held(b.id)
  UNION ALL
  SELECT 'last_admin', NULL, NULL FROM users u
    WHERE u.id = who AND u.role = 'admin' AND u.suspended_at IS NULL AND (app_user_id() IS NULL OR app_user_id() = who)
      AND NOT EXISTS (SELECT FROM users o JOIN credentials c ON c.user_id = o.id
        WHERE o.role = 'admin' AND o.suspended_at IS NULL AND o.id <> who)
$$;
GRANT app_system TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT CREATE ON SCHEMA public TO app_system;
REVOKE EXECUTE ON FUNCTION what_keeps_account(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION what_keeps_account(uuid) TO app_viewer;
ALTER FUNCTION what_keeps_account(uuid) OWNER TO app_system;
REVOKE CREATE ON SCHEMA public FROM app_system;
REVOKE app_system FROM CURRENT_USER GRANTED BY CURRENT_USER;
