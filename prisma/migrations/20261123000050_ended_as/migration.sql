-- How a call ended, as a text. A text is compared before the wall of the business, and so through an index; the enum is not,
-- since comparing enums is not leakproof. Null for a call that is not over: nobody looks for those, and while it rings and is
-- spoken to, the index has nothing to write.
ALTER TABLE calls ADD ended_as text GENERATED ALWAYS AS (
  CASE status
    WHEN 'completed' THEN 'completed'
    WHEN 'forwarded' THEN 'forwarded'
    WHEN 'missed' THEN 'missed'
    WHEN 'rejected' THEN 'rejected'
    WHEN 'failed' THEN 'failed'
  END) STORED;
CREATE INDEX calls_ended_as ON calls (business_id, ended_as, started_at DESC, id DESC) WHERE ended_as IS NOT NULL;
