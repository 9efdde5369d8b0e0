-- A recording whose time is over, while what is stored of it is being deleted: it claims no file any more, and its row goes
-- when there is none. In a migration of its own, since a value that is new cannot be used in the transaction that adds it.
ALTER TYPE recording_status ADD VALUE 'removing';
