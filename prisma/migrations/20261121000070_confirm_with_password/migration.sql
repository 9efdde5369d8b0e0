-- A sign-up is confirmed by whoever reads its mail and knows the password that was typed with it: else anybody could have
-- an account confirmed by its address's owner and keep its password. What checks passwords reads this one, too.
GRANT SELECT (password_hash) ON sign_ups TO app_sign_in;
