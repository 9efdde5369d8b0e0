-- One's own name is one's own to change; the rest of the account has ways of its own.
CREATE POLICY me_change ON users FOR UPDATE TO app_viewer USING (id = app_user_id()) WITH CHECK (id = app_user_id());
GRANT UPDATE (name) ON users TO app_viewer;
