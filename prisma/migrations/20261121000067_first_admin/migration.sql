-- The link that makes an admin: printed by the command that makes the account, and used to set its name and password.
ALTER TYPE token_purpose ADD VALUE 'new_admin';
GRANT UPDATE (name) ON users TO app_sign_in;
