-- What a commendation brings, for everyone to read: which unit applies which incentive at which matter today, and how often
-- it was promised and granted to organisations. The supervisor sees the same by unit, matter and measure, down to the case.
-- Breaks nothing: a column that is made of the answer, a view, functions; `supervised_checks` gives one column more.

-- Codes of the measures that an answer offered as incentives. Of a person's sealed answer nothing is known here.
ALTER TABLE xh.credit_check ADD COLUMN rewards jsonb GENERATED ALWAYS AS (CASE WHEN result <> 'clear' THEN
  nullif(jsonb_path_query_array(answer::jsonb, '$.hits[*] ? (@.effect == "reward").measure.code'), '[]') END) STORED;
CREATE INDEX credit_check_rewarded ON xh.credit_check (day) INCLUDE (check_id, matter_id, result, rewards)
  WHERE rewards IS NOT NULL AND applicant_kind = 'o';

-- A row an incentive that an answer offered, with the unit's latest word on it. Feedback that names no measure speaks of all
-- that was offered; where the answer held something adverse too, only if it says 激励.
CREATE FUNCTION xh.incentives_of(of_check bigint, its_result text, its_rewards jsonb)
  RETURNS TABLE (measure text, granted boolean, what text, reason text) LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT r.code, f.granted, f.what, f.reason
    FROM (SELECT DISTINCT jsonb_array_elements_text(its_rewards) AS code) r
    LEFT JOIN LATERAL (SELECT b.effect = '激励' AND b.applied <> 'no' AS granted, b.granted AS what, b.not_applied_reason AS reason
                         FROM xh.check_feedback b
                        WHERE b.check_id = of_check
                          AND (b.measure = r.code OR (b.measure IS NULL AND (b.effect = '激励' OR its_result = 'reward')))
                        ORDER BY b.feedback_id DESC LIMIT 1) f ON true;
END;

-- Incentives by matter under a subscription that stands, of a measure in force. Who subscribed is nobody's business but the unit's.
CREATE VIEW xh.public_incentive AS
  SELECT m.matter_id, m.code AS matter, m.name AS matter_name, m.kind, u.uscc AS unit, u.name AS unit_name,
         s.measure_code AS measure, (s.made_at AT TIME ZONE 'Asia/Shanghai')::date AS since
    FROM xh.matter_subscription s
    JOIN xh.measure_binding b ON b.binding_id = s.binding_id AND b.ended IS NULL
    JOIN xh.matter m ON m.matter_id = s.matter_id AND (m.ended_on IS NULL OR m.ended_on > xh.today())
    JOIN xh.unit u ON u.unit_id = s.unit_id
   WHERE s.ended IS NULL AND s.effect = 'reward'
     AND NOT EXISTS (SELECT FROM xh.unit_end e WHERE e.unit_id = s.unit_id AND e.ended_on <= xh.today())
     AND EXISTS (SELECT FROM xh.measure_in_force f
                  WHERE f.code = s.measure_code AND 'reward' = ANY (f.effects) AND 'organisation' = ANY (f.objects));

-- Numbers and nothing else: of organisations alone, never of a person or an individual business; no word of any feedback.
CREATE FUNCTION xh.incentive_counts(since date)
  RETURNS TABLE (matter_id integer, measure text, promised bigint, granted bigint, not_granted bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  SELECT c.matter_id, i.measure, count(*), count(*) FILTER (WHERE i.granted), count(*) FILTER (WHERE NOT i.granted)
    FROM xh.credit_check c CROSS JOIN LATERAL xh.incentives_of(c.check_id, c.result, c.rewards) i
   WHERE c.day >= since AND c.applicant_kind = 'o' AND c.rewards IS NOT NULL
   GROUP BY 1, 2
$$;

-- As before, and what became of each incentive: `[{measure, granted, what, reason}]`, `granted` null until it was told.
DROP FUNCTION xh.supervised_checks(date, date);
CREATE FUNCTION xh.supervised_checks(from_day date, to_day date)
  RETURNS TABLE (check_id bigint, number text, unit_id integer, unit text, region integer, matter text, matter_name text, day date,
                 asked_at timestamptz, result text, person boolean, applicant text, uscc text, case_number text, measures text[],
                 decision text, effect text, applied text, granted text, fed_on date, feedback_due date, fed_back boolean,
                 overdue boolean, unexplained boolean, incentives jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH me AS (SELECT xh.actor_duty() AS duty, xh.actor_unit() AS unit_id)
  SELECT c.check_id, c.number, c.unit_id, u.name, u.region, m.code, m.name, c.day, c.asked_at, c.result, c.applicant_kind = 'p',
         c.applicant_name, c.uscc, c.case_number,
         CASE WHEN c.result <> 'clear' AND c.answer IS NOT NULL THEN
           ARRAY(SELECT DISTINCT h -> 'measure' ->> 'code' FROM jsonb_array_elements(c.answer::jsonb -> 'hits') AS h) ELSE '{}' END,
         d.decision, f.effect, f.applied, f.granted, (f.given_at AT TIME ZONE 'Asia/Shanghai')::date, c.feedback_due, f.check_id IS NOT NULL,
         c.feedback_due < xh.today() AND f.check_id IS NULL,
         -- Let pass although the intercept stands: nobody of the unit has said why.
         coalesce(f.effect = '放行' AND c.result = 'intercept' AND d.decision IS DISTINCT FROM 'overridden', false),
         CASE WHEN c.rewards IS NULL THEN '[]'::jsonb ELSE
           (SELECT jsonb_agg(jsonb_build_object('measure', i.measure, 'granted', i.granted, 'what', i.what, 'reason', i.reason)
                     ORDER BY i.measure) FROM xh.incentives_of(c.check_id, c.result, c.rewards) i) END
    FROM me
    JOIN xh.credit_check c ON me.duty IN ('centre', 'audit') OR (me.duty = 'department' AND c.unit_id = me.unit_id)
    JOIN xh.unit u ON u.unit_id = c.unit_id
    JOIN xh.matter m ON m.matter_id = c.matter_id
    LEFT JOIN xh.check_decision d ON d.check_id = c.check_id
    LEFT JOIN LATERAL (SELECT b.check_id, b.effect, b.applied, b.granted, b.given_at FROM xh.check_feedback b
                        WHERE b.check_id = c.check_id ORDER BY b.feedback_id DESC LIMIT 1) f ON true
   WHERE c.asked_at >= from_day::timestamp AT TIME ZONE 'Asia/Shanghai'
     AND c.asked_at < (to_day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
$$;

-- As before, and each feedback says which measure it is about.
CREATE OR REPLACE FUNCTION xh.supervised_check(of_number text)
  RETURNS TABLE (check_id bigint, day date, answer text, purpose text, officer text, decision_reason text, decided_by text, confirmed_by text,
                 decided_at timestamptz, feedback json)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH me AS (SELECT xh.actor_duty() AS duty, xh.actor_unit() AS unit_id)
  SELECT c.check_id, c.day, c.answer, c.purpose, c.officer, d.reason, d.decided_by, d.confirmed_by, d.decided_at,
         (SELECT coalesce(json_agg(json_build_object('applied', f.applied, 'effect', f.effect, 'measure', f.measure, 'done', f.done,
             'doneOn', f.done_on, 'reason', f.not_applied_reason, 'granted', f.granted, 'by', f.given_by,
             'at', to_char(f.given_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')) ORDER BY f.feedback_id), '[]')
            FROM xh.check_feedback f WHERE f.check_id = c.check_id)
    FROM me JOIN xh.credit_check c ON me.duty IN ('centre', 'audit') OR (me.duty = 'department' AND c.unit_id = me.unit_id)
    LEFT JOIN xh.check_decision d ON d.check_id = c.check_id
   WHERE c.number = of_number
$$;

REVOKE ALL ON FUNCTION xh.incentives_of(bigint, text, jsonb), xh.incentive_counts(date), xh.supervised_checks(date, date)
  FROM PUBLIC;
GRANT SELECT ON xh.public_incentive TO xh_portal;
GRANT EXECUTE ON FUNCTION xh.incentive_counts(date) TO xh_portal;
GRANT EXECUTE ON FUNCTION xh.supervised_checks(date, date) TO xh_app;
