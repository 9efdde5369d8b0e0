-- What Prisma cannot say: constraints that make bad states impossible.

-- Sealed: version byte 1, then key id (4), nonce (12), ciphertext, tag (16). Plain text does not fit.
CREATE FUNCTION is_sealed(value bytea) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN octet_length(value) >= 33 AND get_byte(value, 0) = 1;

-- Blind index: version byte 1, then HMAC-SHA-256.
CREATE FUNCTION is_blind_index(value bytea) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN octet_length(value) = 33 AND get_byte(value, 0) = 1;

-- Shifts of one day: pairs of minutes after midnight, ascending, not overlapping.
CREATE FUNCTION are_shifts(shifts jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE shift jsonb; last_end int := -1;
BEGIN
  IF jsonb_typeof(shifts) IS DISTINCT FROM 'array' THEN RETURN false; END IF;
  FOR shift IN SELECT jsonb_array_elements(shifts) LOOP
    IF jsonb_typeof(shift) <> 'array' OR jsonb_array_length(shift) <> 2
      OR jsonb_typeof(shift -> 0) <> 'number' OR jsonb_typeof(shift -> 1) <> 'number' THEN RETURN false; END IF;
    IF (shift ->> 0)::numeric % 1 <> 0 OR (shift ->> 1)::numeric % 1 <> 0 THEN RETURN false; END IF;
    IF (shift ->> 0)::numeric < 0 OR (shift ->> 0)::numeric <= last_end OR (shift ->> 1)::numeric <= (shift ->> 0)::numeric
      OR (shift ->> 1)::numeric > 1440 THEN RETURN false; END IF;
    last_end := (shift ->> 1)::int;
  END LOOP;
  RETURN true;
END $$;

CREATE FUNCTION is_weekly_hours(week jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE day text;
BEGIN
  IF jsonb_typeof(week) IS DISTINCT FROM 'object' OR (SELECT count(*) FROM jsonb_object_keys(week)) <> 7 THEN RETURN false; END IF;
  FOREACH day IN ARRAY ARRAY['1', '2', '3', '4', '5', '6', '7'] LOOP
    IF NOT are_shifts(week -> day) THEN RETURN false; END IF;
  END LOOP;
  RETURN true;
END $$;

CREATE FUNCTION are_exceptions(exceptions jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE item jsonb;
BEGIN
  IF jsonb_typeof(exceptions) IS DISTINCT FROM 'array' THEN RETURN false; END IF;
  FOR item IN SELECT jsonb_array_elements(exceptions) LOOP
    IF jsonb_typeof(item) <> 'object' OR jsonb_typeof(item -> 'reason') IS DISTINCT FROM 'string'
      OR coalesce(item ->> 'date', '') !~ '^\d{4}-\d{2}-\d{2}$' OR NOT are_shifts(item -> 'shifts') THEN RETURN false; END IF;
  END LOOP;
  RETURN (SELECT count(DISTINCT e ->> 'date') = count(*) FROM jsonb_array_elements(exceptions) e);
END $$;

ALTER TABLE users
  ADD CONSTRAINT users_sealed CHECK (is_sealed(email) AND is_sealed(name) AND is_sealed(two_factor_secret)),
  ADD CONSTRAINT users_email_index CHECK (is_blind_index(email_index)),
  ADD CONSTRAINT users_failed_login_attempts CHECK (failed_login_attempts >= 0),
  ADD CONSTRAINT users_two_factor CHECK (NOT two_factor_enabled OR two_factor_secret IS NOT NULL),
  ADD CONSTRAINT users_consent CHECK (consent_date IS NOT NULL OR NOT (data_processing_consent OR marketing_consent));

ALTER TABLE credentials ADD CONSTRAINT credentials_argon2id CHECK (password_hash LIKE '$argon2id$%');

ALTER TABLE sessions
  ADD CONSTRAINT sessions_idle CHECK (idle_seconds > 0),
  ADD CONSTRAINT sessions_order CHECK (created_at <= last_seen_at AND created_at < expires_at);

ALTER TABLE unknown_sign_ins
  ADD CONSTRAINT unknown_sign_ins_index CHECK (is_blind_index(email_index)),
  ADD CONSTRAINT unknown_sign_ins_attempts CHECK (failed_login_attempts >= 0);

ALTER TABLE businesses
  ADD CONSTRAINT businesses_sealed CHECK (is_sealed(contact_email)),
  ADD CONSTRAINT businesses_name CHECK (length(btrim(name)) BETWEEN 1 AND 120),
  ADD CONSTRAINT businesses_greeting CHECK (length(btrim(greeting)) BETWEEN 1 AND 1000),
  ADD CONSTRAINT businesses_weekly_hours CHECK (is_weekly_hours(weekly_hours)),
  ADD CONSTRAINT businesses_exceptions CHECK (are_exceptions(exceptions)),
  ADD CONSTRAINT businesses_minutes CHECK (monthly_minutes_limit >= 0),
  ADD CONSTRAINT businesses_ring_seconds CHECK (ring_seconds BETWEEN 5 AND 60);

-- E.164 (ITU-T): at most fifteen digits, none of them a leading zero.
ALTER TABLE phone_routes ADD CONSTRAINT phone_routes_e164 CHECK (number ~ '^\+[1-9]\d{1,14}$');

ALTER TABLE duty_contacts
  ADD CONSTRAINT duty_contacts_sealed CHECK (is_sealed(name) AND is_sealed(phone)),
  ADD CONSTRAINT duty_contacts_position CHECK (position BETWEEN 0 AND 19);

ALTER TABLE calls
  ADD CONSTRAINT calls_sealed CHECK (is_sealed(caller_number) AND is_sealed(caller_name) AND is_sealed(wanted)),
  ADD CONSTRAINT calls_index CHECK (is_blind_index(caller_number_index) AND (caller_number IS NOT NULL OR caller_number_index IS NULL)),
  ADD CONSTRAINT calls_sid CHECK (call_sid ~ '^CA[0-9a-f]{32}$'),
  ADD CONSTRAINT calls_ended CHECK (ended_at IS NULL OR (ended_at >= started_at AND status NOT IN ('ringing', 'in_progress'))),
  ADD CONSTRAINT calls_seconds CHECK (seconds_used >= 0 AND seconds_charged BETWEEN 0 AND seconds_used),
  ADD CONSTRAINT calls_heard CHECK ((heard_at IS NULL) = (heard_by IS NULL)),
  ADD CONSTRAINT calls_called_back CHECK ((called_back_at IS NULL) = (called_back_by IS NULL));

ALTER TABLE call_events
  ADD CONSTRAINT call_events_sealed CHECK (is_sealed(said)),
  ADD CONSTRAINT call_events_words CHECK (length(key) BETWEEN 1 AND 200 AND kind ~ '^[a-z_]{1,40}$' AND jsonb_typeof(detail) = 'object');

ALTER TABLE recordings
  ADD CONSTRAINT recordings_sid CHECK (recording_sid ~ '^RE[0-9a-f]{32}$'),
  ADD CONSTRAINT recordings_seconds CHECK (seconds >= 0),
  -- "Stored" is only said of what was written, read back and compared.
  ADD CONSTRAINT recordings_stored CHECK (
    (status IN ('stored', 'settled')) = (stored_at IS NOT NULL)
    AND (stored_at IS NULL OR (storage_key IS NOT NULL AND content_type IS NOT NULL AND bytes > 0 AND octet_length(sha256) = 32))),
  ADD CONSTRAINT recordings_settled CHECK ((status = 'settled') = (remote_deleted_at IS NOT NULL));

ALTER TABLE transcripts
  ADD CONSTRAINT transcripts_sealed CHECK (is_sealed(text)),
  ADD CONSTRAINT transcripts_recording_sid CHECK (recording_sid ~ '^RE[0-9a-f]{32}$'),
  ADD CONSTRAINT transcripts_text CHECK ((status = 'completed') = (text IS NOT NULL));

ALTER TABLE appointments
  ADD CONSTRAINT appointments_sealed CHECK (
    is_sealed(customer_name) AND is_sealed(customer_phone) AND is_sealed(customer_email) AND is_sealed(notes)),
  ADD CONSTRAINT appointments_index CHECK (
    is_blind_index(customer_phone_index) AND is_blind_index(customer_email_index)
    AND (customer_phone IS NULL) = (customer_phone_index IS NULL) AND (customer_email IS NULL) = (customer_email_index IS NULL)),
  ADD CONSTRAINT appointments_order CHECK (starts_at < ends_at);

ALTER TABLE audit_logs
  ADD CONSTRAINT audit_logs_action CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
  ADD CONSTRAINT audit_logs_details CHECK (jsonb_typeof(details) = 'object');

ALTER TABLE jobs
  ADD CONSTRAINT jobs_kind CHECK (kind ~ '^[a-z_]{1,40}$'),
  ADD CONSTRAINT jobs_payload CHECK (jsonb_typeof(payload) = 'object'),
  ADD CONSTRAINT jobs_attempts CHECK (attempts >= 0),
  ADD CONSTRAINT jobs_lease CHECK ((lease IS NULL) = (leased_until IS NULL)),
  ADD CONSTRAINT jobs_ended CHECK (num_nonnulls(done_at, dead_at) <= 1);

-- What the worker looks for.
CREATE INDEX jobs_waiting ON jobs (run_at) WHERE done_at IS NULL AND dead_at IS NULL;
-- What Today looks for.
CREATE INDEX calls_unheard ON calls (business_id, started_at) WHERE heard_at IS NULL;
CREATE INDEX calls_to_call_back ON calls (business_id, started_at) WHERE called_back_at IS NULL;
