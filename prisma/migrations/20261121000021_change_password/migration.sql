-- A new password. Only the role that checks passwords may write them; a signed-in person's and the operator's may not.
CREATE POLICY sign_in_change ON credentials FOR UPDATE TO app_sign_in USING (true) WITH CHECK (true);
CREATE POLICY sign_in_first ON credentials FOR INSERT TO app_sign_in WITH CHECK (true);
GRANT UPDATE (password_hash, changed_at), INSERT ON credentials TO app_sign_in;
