-- What callers say is written down from the recording afterwards, or while they speak, as the business chooses. A transcript
-- made while they speak comes in parts, each with how sure the recogniser was, and belongs to a session of its own.
CREATE TYPE transcript_source AS ENUM ('recording', 'live');
ALTER TABLE businesses ADD transcript_source transcript_source NOT NULL DEFAULT 'recording';
GRANT UPDATE (transcript_source) ON businesses TO app_viewer;

-- Why there is no message in what was left.
CREATE TYPE nothing_said AS ENUM ('silence', 'music', 'machine');
ALTER TABLE transcripts
  ALTER recording_sid DROP NOT NULL,
  ADD session_sid text,
  ADD parts bytea,
  ADD nothing nothing_said,
  ADD CONSTRAINT transcripts_session_sid CHECK (session_sid ~ '^GT[0-9a-f]{32}$'),
  ADD CONSTRAINT transcripts_of_one CHECK (num_nonnulls(recording_sid, session_sid) = 1),
  ADD CONSTRAINT transcripts_parts CHECK (is_sealed(parts) AND (parts IS NULL OR session_sid IS NOT NULL)),
  ADD CONSTRAINT transcripts_nothing CHECK (nothing IS NULL OR status = 'completed');
CREATE UNIQUE INDEX transcripts_session_sid_key ON transcripts (session_sid);
