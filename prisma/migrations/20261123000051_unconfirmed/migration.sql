-- A text of which no network has said whether it arrived. In a migration of its own: a new value can be used once it is
-- committed.
ALTER TYPE tell_state ADD VALUE 'unconfirmed' AFTER 'sent';
