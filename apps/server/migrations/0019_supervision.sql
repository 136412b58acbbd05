-- The supervision of joint action: one source of the board's figures, and urging with deadline and answer.
-- Breaks nothing: new tables.
--
-- kind: supervision_urge local
-- kind: supervision_reply local

-- ── one source of all figures ────────────────────────────────────────────────────────────────────────────────
-- A row a check, with what became of it. The centre and the auditor see all, a unit its own. Of a natural person the
-- supervisor learns that there was a check, and nothing by which to know them: no name, no number, no answer.
CREATE FUNCTION xh.supervised_checks(from_day date, to_day date)
  RETURNS TABLE (check_id bigint, number text, unit_id integer, unit text, region integer, matter text, matter_name text, day date,
                 asked_at timestamptz, result text, person boolean, applicant text, uscc text, case_number text, measures text[],
                 decision text, effect text, applied text, granted text, fed_on date, feedback_due date, fed_back boolean,
                 overdue boolean, unexplained boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH me AS (SELECT xh.actor_duty() AS duty, xh.actor_unit() AS unit_id)
  SELECT c.check_id, c.number, c.unit_id, u.name, u.region, m.code, m.name, c.day, c.asked_at, c.result, c.applicant_kind = 'p',
         c.applicant_name, c.uscc, c.case_number,
         CASE WHEN c.result <> 'clear' AND c.answer IS NOT NULL THEN
           ARRAY(SELECT DISTINCT h -> 'measure' ->> 'code' FROM jsonb_array_elements(c.answer::jsonb -> 'hits') AS h) ELSE '{}' END,
         d.decision, f.effect, f.applied, f.granted, (f.given_at AT TIME ZONE 'Asia/Shanghai')::date, c.feedback_due, f.check_id IS NOT NULL,
         c.feedback_due < xh.today() AND f.check_id IS NULL,
         -- Let pass although the intercept stands: nobody of the unit has said why.
         coalesce(f.effect = '放行' AND c.result = 'intercept' AND d.decision IS DISTINCT FROM 'overridden', false)
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

-- Natural persons asked about: for the cases worth a look. A number stands for a person within one answer of this
-- function and nowhere else.
CREATE FUNCTION xh.supervised_person_checks(from_day date, to_day date)
  RETURNS TABLE (number text, unit_id integer, unit text, day date, case_number text, someone bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH me AS (SELECT xh.actor_duty() AS duty, xh.actor_unit() AS unit_id)
  SELECT c.number, c.unit_id, u.name, c.day, c.case_number, dense_rank() OVER (ORDER BY c.person)
    FROM me
    JOIN xh.credit_check c ON c.person IS NOT NULL
     AND (me.duty IN ('centre', 'audit') OR (me.duty = 'department' AND c.unit_id = me.unit_id))
    JOIN xh.unit u ON u.unit_id = c.unit_id
   WHERE c.asked_at >= from_day::timestamp AT TIME ZONE 'Asia/Shanghai'
     AND c.asked_at < (to_day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
$$;

-- One check for whoever supervises: the answer of an organisation, and what became of it.
CREATE FUNCTION xh.supervised_check(of_number text)
  RETURNS TABLE (check_id bigint, day date, answer text, purpose text, officer text, decision_reason text, decided_by text, confirmed_by text,
                 decided_at timestamptz, feedback json)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH me AS (SELECT xh.actor_duty() AS duty, xh.actor_unit() AS unit_id)
  SELECT c.check_id, c.day, c.answer, c.purpose, c.officer, d.reason, d.decided_by, d.confirmed_by, d.decided_at,
         (SELECT coalesce(json_agg(json_build_object('applied', f.applied, 'effect', f.effect, 'done', f.done, 'doneOn', f.done_on,
             'reason', f.not_applied_reason, 'granted', f.granted, 'by', f.given_by,
             'at', to_char(f.given_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')) ORDER BY f.feedback_id), '[]')
            FROM xh.check_feedback f WHERE f.check_id = c.check_id)
    FROM me JOIN xh.credit_check c ON me.duty IN ('centre', 'audit') OR (me.duty = 'department' AND c.unit_id = me.unit_id)
    LEFT JOIN xh.check_decision d ON d.check_id = c.check_id
   WHERE c.number = of_number
$$;

-- Whose checks these are: an urge concerns one unit.
CREATE FUNCTION xh.units_of_checks(numbers text[]) RETURNS TABLE (unit_id integer, checks integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  SELECT c.unit_id, count(*)::integer FROM xh.credit_check c
   WHERE c.number = ANY (numbers) AND xh.actor_duty() = 'centre' GROUP BY 1
$$;

-- What was pushed to a unit's systems, where pushing is set up.
CREATE FUNCTION xh.pushed_messages(from_day date, to_day date)
  RETURNS TABLE (unit_id integer, unit text, region integer, day date, pushed bigint)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  IF to_regclass('xh.push_receipt') IS NULL THEN RETURN; END IF;
  RETURN QUERY EXECUTE $q$
    SELECT r.unit_id, u.name, u.region, (r.first_at AT TIME ZONE 'Asia/Shanghai')::date, count(*)
      FROM xh.push_receipt r JOIN xh.unit u ON u.unit_id = r.unit_id
     WHERE r.first_at >= $1::timestamp AT TIME ZONE 'Asia/Shanghai' AND r.first_at < ($2 + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND (xh.actor_duty() IN ('centre', 'audit') OR (xh.actor_duty() = 'department' AND r.unit_id = xh.actor_unit()))
     GROUP BY 1, 2, 3, 4 $q$ USING from_day, to_day;
END $$;

-- ── 督办 ─────────────────────────────────────────────────────────────────────────────────────────────────────
-- The centre asks a unit about cases, until a day; the unit answers; the centre closes. Nothing is written over.
CREATE TABLE xh.supervision_urge (
  urge_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id integer NOT NULL REFERENCES xh.unit,
  -- The rule by which the cases stood out, where one did.
  rule text,
  numbers text[] NOT NULL CHECK (cardinality(numbers) BETWEEN 1 AND 500),
  demand text NOT NULL CHECK (length(btrim(demand)) BETWEEN 4 AND 2000),
  due_on date NOT NULL,
  urged_by text NOT NULL,
  urged_account integer NOT NULL REFERENCES xh.account,
  urged_at timestamptz NOT NULL DEFAULT now(),
  closed_by text,
  closed_at timestamptz,
  closing text,
  CONSTRAINT time_to_answer CHECK (due_on >= (urged_at AT TIME ZONE 'Asia/Shanghai')::date),
  CONSTRAINT closed_whole CHECK (num_nulls(closed_by, closed_at, closing) IN (0, 3))
);
CREATE INDEX supervision_urge_unit ON xh.supervision_urge (unit_id, urge_id);
CREATE TABLE xh.supervision_reply (
  reply_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  urge_id integer NOT NULL REFERENCES xh.supervision_urge,
  unit_id integer NOT NULL,
  reply text NOT NULL CHECK (length(btrim(reply)) BETWEEN 4 AND 4000),
  replied_by text NOT NULL,
  replied_account integer NOT NULL REFERENCES xh.account,
  replied_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX supervision_reply_urge ON xh.supervision_reply (urge_id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['supervision_urge', 'supervision_reply'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true)', t);
    EXECUTE format($p$CREATE POLICY seen ON xh.%I FOR SELECT TO xh_app USING (
      unit_id = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) IN ('centre', 'audit'))$p$, t);
  END LOOP;
  CREATE POLICY urged ON xh.supervision_urge FOR INSERT TO xh_app
    WITH CHECK ((SELECT xh.actor_duty()) = 'centre' AND urged_account = (SELECT xh.actor_account()));
  CREATE POLICY closed ON xh.supervision_urge FOR UPDATE TO xh_app
    USING ((SELECT xh.actor_duty()) = 'centre' AND closed_at IS NULL) WITH CHECK ((SELECT xh.actor_duty()) = 'centre');
  CREATE POLICY replied ON xh.supervision_reply FOR INSERT TO xh_app
    WITH CHECK ((SELECT xh.actor_duty()) = 'department' AND unit_id = (SELECT xh.actor_unit())
      AND replied_account = (SELECT xh.actor_account())
      AND EXISTS (SELECT FROM xh.supervision_urge u WHERE u.urge_id = supervision_reply.urge_id AND u.unit_id = supervision_reply.unit_id
                     AND u.closed_at IS NULL));
END $$;

REVOKE ALL ON FUNCTION xh.supervised_checks(date, date), xh.supervised_person_checks(date, date), xh.supervised_check(text),
  xh.units_of_checks(text[]), xh.pushed_messages(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.supervised_checks(date, date), xh.supervised_person_checks(date, date), xh.supervised_check(text),
  xh.units_of_checks(text[]), xh.pushed_messages(date, date) TO xh_app;
GRANT SELECT, INSERT ON xh.supervision_urge, xh.supervision_reply TO xh_app;
GRANT UPDATE (closed_by, closed_at, closing) ON xh.supervision_urge TO xh_app;
GRANT SELECT ON xh.supervision_urge, xh.supervision_reply TO xh_job;
