-- Lists that take as long in a business with a million calls as in one with a thousand. Which calls wait is worked out where
-- a call is written, so that a list of them is an index and not a search. lib/rules/waiting.ts says the same of a call in
-- hand; a test compares the two.
ALTER TABLE calls
  ADD unheard boolean NOT NULL GENERATED ALWAYS AS (
    type = 'inbound' AND status = 'completed' AND intent NOT IN ('hours', 'forwarded')
    AND heard_at IS NULL AND called_back_at IS NULL AND NOT anonymised
    AND (uncharged IS NULL OR uncharged NOT IN ('blocked', 'robot') OR not_spam_at IS NOT NULL)) STORED,
  ADD to_call_back boolean NOT NULL GENERATED ALWAYS AS (
    type = 'inbound' AND called_back_at IS NULL AND NOT anonymised
    AND (uncharged IS NULL OR uncharged NOT IN ('blocked', 'robot') OR not_spam_at IS NOT NULL)
    AND (
      (status = 'completed' AND intent NOT IN ('hours', 'forwarded'))
      OR (urgent AND status NOT IN ('forwarded', 'rejected'))
      OR (caller_number IS NOT NULL AND (status IN ('missed', 'failed') OR (status = 'rejected' AND not_spam_at IS NOT NULL))))) STORED;

DROP INDEX calls_unheard, calls_to_call_back;
CREATE INDEX calls_unheard ON calls (business_id, started_at DESC, id DESC) WHERE unheard;
-- Urgent ones first, then whoever waits longest.
CREATE INDEX calls_to_call_back ON calls (business_id, urgent DESC, started_at, id) WHERE to_call_back;
CREATE INDEX calls_urgent ON calls (business_id, started_at DESC, id DESC) WHERE urgent;
CREATE INDEX calls_uncharged ON calls (business_id, started_at DESC, id DESC) WHERE uncharged IS NOT NULL AND not_spam_at IS NULL;
