-- Two filters of the list of calls that went through the calls one by one, since enums are compared behind the wall of the
-- business and not before it: comparing them is not leakproof. A text and a boolean are compared before, and so in an index.

-- How a call ended. Null while it goes on: nobody looks for those, and while somebody waits for us there is nothing to write
-- to the index.
ALTER TABLE calls
  ADD ended_as text GENERATED ALWAYS AS (
    CASE status
      WHEN 'completed' THEN 'completed'
      WHEN 'forwarded' THEN 'forwarded'
      WHEN 'missed' THEN 'missed'
      WHEN 'rejected' THEN 'rejected'
      WHEN 'failed' THEN 'failed'
    END) STORED,
  -- Whoever was found to be nobody. That it was short is no reason: most calls that cost nothing are.
  ADD spam boolean NOT NULL GENERATED ALWAYS AS (
    uncharged IS NOT NULL AND uncharged IN ('blocked', 'robot', 'silent') AND not_spam_at IS NULL) STORED;

CREATE INDEX calls_ended_as ON calls (business_id, ended_as, started_at DESC, id DESC) WHERE ended_as IS NOT NULL;
DROP INDEX calls_uncharged;
-- In the order of the list: the index in that of Today is passed over where PostgreSQL expects many to wait, and in a business
-- where none do the calls are gone through to the end.
CREATE INDEX calls_to_call_back_newest ON calls (business_id, started_at DESC, id DESC) WHERE to_call_back;
CREATE INDEX calls_spam ON calls (business_id, started_at DESC, id DESC) WHERE spam;
