-- Alarms say a unit: they stand behind the wall, for those who hold them and the unit they concern.
-- Breaks nothing: no new table.
ALTER TABLE xh.alarm ENABLE ROW LEVEL SECURITY;
CREATE POLICY job ON xh.alarm TO xh_job USING (true) WITH CHECK (true);
CREATE POLICY own ON xh.alarm TO xh_app
  USING (unit_id = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) IN ('centre', 'system'))
  WITH CHECK ((SELECT xh.actor_duty()) IN ('centre', 'system'));
