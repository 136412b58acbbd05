-- What the supervisor is told of says a unit: it stands behind the wall like the unit's other rows.
-- Breaks nothing: no new table.
ALTER TABLE xh.supervision_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY job ON xh.supervision_event TO xh_job USING (true) WITH CHECK (true);
CREATE POLICY own ON xh.supervision_event TO xh_app USING (
  source_unit = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre');
