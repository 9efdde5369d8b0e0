-- Of which part of a month's minutes the owners of a business were told. The jobs that told them are not kept for a month.
CREATE TABLE usage_notices (
  business_id uuid NOT NULL REFERENCES businesses ON DELETE CASCADE ON UPDATE CASCADE,
  month text NOT NULL,
  percent int NOT NULL,
  minutes_limit int NOT NULL,
  noticed_at timestamptz(3) NOT NULL,
  PRIMARY KEY (business_id, month, percent, minutes_limit),
  CONSTRAINT usage_notices_month CHECK (month ~ '^\d{4}-\d{2}$'),
  CONSTRAINT usage_notices_percent CHECK (percent IN (80, 100))
);
CREATE INDEX usage_notices_business_id_noticed_at_idx ON usage_notices (business_id, noticed_at);

ALTER TABLE usage_notices ENABLE ROW LEVEL SECURITY;
CREATE POLICY system ON usage_notices TO app_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_notices TO app_system;
CREATE POLICY tenant ON usage_notices TO app_viewer USING (business_id = app_business_id()) WITH CHECK (business_id = app_business_id());
GRANT SELECT, INSERT ON usage_notices TO app_viewer;
CREATE POLICY backup ON usage_notices FOR SELECT TO app_backup USING (true);
