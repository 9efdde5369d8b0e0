-- When the hours were first saved. A business that is never open looks by its hours alone like one that nobody has asked yet.
ALTER TABLE businesses ADD COLUMN hours_saved_at timestamptz(3);
GRANT UPDATE (hours_saved_at) ON businesses TO app_viewer;
