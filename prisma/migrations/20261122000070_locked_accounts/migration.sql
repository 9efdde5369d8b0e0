-- Each sweep of the clock counts who is closed now: the few that are, and not everybody.
CREATE INDEX users_account_locked_until_idx ON users (account_locked_until);
