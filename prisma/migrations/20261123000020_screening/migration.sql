-- Screening: which calls cost nothing and why, what the people of a business say of a caller, and that a call was no spam.
CREATE TYPE uncharged AS ENUM ('blocked', 'robot', 'silent', 'short');
ALTER TABLE calls
  ADD uncharged uncharged,
  ADD not_spam_at timestamptz(3),
  ADD not_spam_by uuid,
  ADD CONSTRAINT calls_uncharged CHECK (uncharged IS NULL OR seconds_charged = 0),
  ADD CONSTRAINT calls_not_spam CHECK ((not_spam_at IS NULL) = (not_spam_by IS NULL) AND NOT (anonymised AND not_spam_by IS NOT NULL));

-- Callers by number, which is sealed: who is never put through, and who is never taken for a robot.
CREATE TYPE caller_mark AS ENUM ('blocked', 'welcome');
CREATE TABLE known_callers (
  business_id uuid NOT NULL REFERENCES businesses ON DELETE CASCADE ON UPDATE CASCADE,
  id uuid NOT NULL,
  number bytea NOT NULL,
  number_index bytea NOT NULL,
  number_index_b bytea NOT NULL,
  mark caller_mark NOT NULL,
  marked_by uuid NOT NULL,
  marked_at timestamptz(3) NOT NULL,
  PRIMARY KEY (business_id, id),
  CONSTRAINT known_callers_sealed CHECK (is_sealed(number)),
  CONSTRAINT known_callers_index CHECK (is_blind_index(number_index) AND is_blind_index(number_index_b))
);
CREATE UNIQUE INDEX known_callers_business_id_number_index_key ON known_callers (business_id, number_index);
CREATE UNIQUE INDEX known_callers_business_id_number_index_b_key ON known_callers (business_id, number_index_b);
CREATE INDEX known_callers_business_id_marked_at_idx ON known_callers (business_id, marked_at);

ALTER TABLE known_callers ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON known_callers TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON known_callers TO app_system;
CREATE POLICY tenant ON known_callers TO app_viewer USING (business_id = app_business_id()) WITH CHECK (business_id = app_business_id());
GRANT SELECT, INSERT, DELETE ON known_callers TO app_viewer;
CREATE POLICY granted ON known_callers FOR SELECT TO app_grantee USING (business_id = app_business_id());
GRANT SELECT ON known_callers TO app_grantee;
CREATE POLICY backup ON known_callers FOR SELECT TO app_backup USING (true);
