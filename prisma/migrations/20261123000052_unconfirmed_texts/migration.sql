ALTER TABLE tellings
  DROP CONSTRAINT tellings_mail,
  DROP CONSTRAINT tellings_states,
  ADD CONSTRAINT tellings_mail CHECK (
    way = 'text' OR (message_sid IS NULL AND error_code IS NULL AND state NOT IN ('unconfirmed', 'delivered'))),
  ADD CONSTRAINT tellings_states CHECK (
    (state NOT IN ('sent', 'unconfirmed') OR sent_at IS NOT NULL)
    AND (state IN ('delivered', 'failed')) = (settled_at IS NOT NULL));
