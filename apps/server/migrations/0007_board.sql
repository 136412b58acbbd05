-- The centre's figures: what a delivery part adds up to, double publicity down to the row, data quality by month,
-- third-party evaluation, alarms. Breaks nothing: new tables, and policy documents of further kinds.
--
-- kind: delivery_part_figure local
-- kind: quality_month local
-- kind: evaluation_plan local
-- kind: evaluation_frame local
-- kind: evaluation_sample local
-- kind: evaluation_evidence local
-- kind: evaluation_answer local
-- kind: evaluation_review local
-- kind: concealment_finding local
-- kind: alarm local
-- kind: alarm_recipient local
-- kind: alarm_notice local

-- Methods of evaluation and thresholds of alarms are released documents like items and lists.
ALTER TABLE xh.policy_version DROP CONSTRAINT IF EXISTS policy_version_kind_check;
ALTER TABLE xh.policy_version ADD CONSTRAINT policy_version_kind_check CHECK (kind ~ '^[a-z][a-z-]{0,39}$');

-- ── what a part adds up to ───────────────────────────────────────────────────────────────────────────────────
-- One row a part: how often each rule was broken, and of the rejected rows alone when they were decided and the key
-- of their fact, so that a row that comes again is known. Arrays of one length; a day or key that cannot be read is null.
CREATE TABLE xh.delivery_part_figure (
  delivery_id bigint NOT NULL,
  part integer NOT NULL,
  item smallint NOT NULL,
  source_unit integer NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  rows integer NOT NULL,
  -- {"F01 subjectName": [errors, others]}: rule, field, and in how many rows.
  tally jsonb NOT NULL,
  rejected_rows integer[] NOT NULL,
  rejected_decided date[] NOT NULL,
  rejected_keys uuid[] NOT NULL,
  PRIMARY KEY (delivery_id, part),
  FOREIGN KEY (delivery_id, part) REFERENCES xh.delivery_part ON DELETE CASCADE,
  CHECK (cardinality(rejected_rows) = cardinality(rejected_decided)
     AND cardinality(rejected_rows) = cardinality(rejected_keys))
);
CREATE INDEX delivery_part_figure_of ON xh.delivery_part_figure (item, received_at);

-- ── double publicity ─────────────────────────────────────────────────────────────────────────────────────────
-- Whose rows the running transaction's actor may count: a department's people their own unit's, the centre all.
CREATE FUNCTION xh.counts_unit(unit integer) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT xh.actor_duty() = 'centre' OR (xh.actor_duty() = 'department' AND unit = xh.actor_unit()) $$;

-- The facts decided in a period, each with its first valid receipt: a re-delivery or a correction does not move it.
-- A person's fact is counted and listed without name, number or subject.
CREATE FUNCTION xh.double_publicity_facts(items smallint[], from_day date, to_day date, of_unit integer DEFAULT NULL)
  RETURNS TABLE (source_unit integer, item smallint, key uuid, subject_id bigint, subject_kind "char", document_number text,
                 decided_on date, received_at timestamptz, delivery_id bigint, delivery_row integer, failed_first boolean,
                 withdrawn "char")
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH actor AS MATERIALIZED (SELECT xh.actor_duty() AS duty, xh.actor_unit() AS unit),
  failed AS MATERIALIZED (
    SELECT p.item, k.key, min(p.received_at) AS at
      FROM xh.delivery_part_figure p CROSS JOIN LATERAL unnest(p.rejected_keys) AS k (key)
     WHERE p.item = ANY (items) AND p.received_at >= from_day AND k.key IS NOT NULL
     GROUP BY p.item, k.key),
  fact AS MATERIALIZED (
    SELECT r.source_unit, r.item, r.key, r.subject_id, r.subject_kind, r.document_number, r.decided_on, r.withdrawn,
           coalesce(v.recorded_from, r.recorded_from) AS recorded_from,
           coalesce(v.delivery_id, r.delivery_id) AS delivery_id, coalesce(v.delivery_row, r.delivery_row) AS delivery_row
      FROM actor, xh.record r
      LEFT JOIN LATERAL (SELECT e.recorded_from, e.delivery_id, e.delivery_row FROM xh.record_version e
                          WHERE e.subject_id = r.subject_id AND e.item = r.item AND e.key = r.key
                          ORDER BY e.recorded_from LIMIT 1) v ON true
     WHERE r.item = ANY (items) AND r.decided_on BETWEEN from_day AND to_day
       AND r.withdrawn IS DISTINCT FROM 'e'
       AND (of_unit IS NULL OR r.source_unit = of_unit)
       AND (actor.duty = 'centre' OR (actor.duty = 'department' AND r.source_unit = actor.unit)))
  SELECT f.source_unit, f.item, f.key, CASE WHEN f.subject_kind <> 'p' THEN f.subject_id END, f.subject_kind,
         CASE WHEN f.subject_kind <> 'p' THEN f.document_number END, f.decided_on,
         least(f.recorded_from, d.received_at), f.delivery_id, f.delivery_row,
         coalesce(b.at < least(f.recorded_from, d.received_at), false), f.withdrawn
    FROM fact f
    LEFT JOIN xh.delivery d ON d.delivery_id = f.delivery_id
    LEFT JOIN failed b ON b.item = f.item AND b.key = f.key $$;

-- Rejected rows that have not come back in order: each document once, as it was rejected first. Rows of which no key
-- could be read stand for themselves.
CREATE FUNCTION xh.double_publicity_rejected(items smallint[], from_day date, to_day date, of_unit integer DEFAULT NULL)
  RETURNS TABLE (source_unit integer, item smallint, key uuid, decided_on date, received_at timestamptz,
                 delivery_id bigint, delivery_row integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH actor AS MATERIALIZED (SELECT xh.actor_duty() AS duty, xh.actor_unit() AS unit),
  rejected AS MATERIALIZED (
    SELECT DISTINCT ON (p.item, coalesce(r.key::text, p.delivery_id || '/' || r.delivery_row))
           p.source_unit, p.item, r.key, r.decided_on, p.received_at, p.delivery_id, r.delivery_row
      FROM actor, xh.delivery_part_figure p
      CROSS JOIN LATERAL unnest(p.rejected_rows, p.rejected_decided, p.rejected_keys) AS r (delivery_row, decided_on, key)
     WHERE p.item = ANY (items) AND p.received_at >= from_day
       AND (of_unit IS NULL OR p.source_unit = of_unit)
       AND (actor.duty = 'centre' OR (actor.duty = 'department' AND p.source_unit = actor.unit))
     ORDER BY p.item, coalesce(r.key::text, p.delivery_id || '/' || r.delivery_row), p.received_at, p.delivery_id)
  SELECT r.source_unit, r.item, r.key, r.decided_on, r.received_at, r.delivery_id, r.delivery_row
    FROM rejected r
   WHERE coalesce(CASE WHEN r.decided_on <= (r.received_at AT TIME ZONE 'Asia/Shanghai')::date THEN r.decided_on END,
                  (r.received_at AT TIME ZONE 'Asia/Shanghai')::date) BETWEEN from_day AND to_day
     AND NOT EXISTS (SELECT FROM xh.record f WHERE f.key = r.key AND f.item = r.item)
     AND NOT EXISTS (SELECT FROM xh.review w WHERE w.key = r.key AND w.item = r.item AND w.state = 'open') $$;

-- Days on which something of these items was received from a unit and processed: silence is the lack of them.
CREATE FUNCTION xh.heard_days(items smallint[], from_day date, to_day date)
  RETURNS TABLE (source_unit integer, heard_on date, deliveries integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  SELECT d.source_unit, (d.received_at AT TIME ZONE 'Asia/Shanghai')::date, count(*)::integer
    FROM xh.delivery d
   WHERE d.item = ANY (items) AND d.state = 'done' AND d.received > 0
     AND d.received_at >= from_day AND d.received_at < to_day + 2
     AND (d.received_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN from_day AND to_day
     AND xh.counts_unit(d.source_unit)
   GROUP BY 1, 2 $$;

-- ── data quality ─────────────────────────────────────────────────────────────────────────────────────────────
-- Stored by a job each night for the running and the last month: item × unit × dimension, a share as two whole numbers.
CREATE TABLE xh.quality_month (
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  item smallint NOT NULL,
  source_unit integer NOT NULL,
  dimension text NOT NULL CHECK (dimension IN ('accuracy', 'completeness', 'consistency', 'timeliness', 'uniqueness', 'accessibility')),
  good bigint NOT NULL CHECK (good >= 0),
  of_all bigint NOT NULL CHECK (of_all >= good),
  computed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (month, item, source_unit, dimension)
);

-- ── third-party evaluation ───────────────────────────────────────────────────────────────────────────────────
-- The seed lies encrypted; its digest is on the ledger before the first source list is entered, the seed itself at the end.
CREATE TABLE xh.evaluation_plan (
  plan_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL CHECK (length(title) BETWEEN 2 AND 200),
  items smallint[] NOT NULL CHECK (cardinality(items) > 0),
  from_day date NOT NULL,
  to_day date NOT NULL CHECK (to_day >= from_day),
  units integer[] NOT NULL CHECK (cardinality(units) BETWEEN 1 AND 500),
  -- How many rows are drawn per unit from each of the two frames.
  sample_size integer NOT NULL CHECK (sample_size BETWEEN 1 AND 500),
  method_code text NOT NULL,
  method_version integer NOT NULL,
  seed_commitment text NOT NULL CHECK (seed_commitment ~ '^[0-9a-f]{64}$'),
  seed_secret bytea NOT NULL,
  seed_revealed text,
  state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'drawn', 'released', 'closed')),
  planned_by text NOT NULL,
  planned_at timestamptz NOT NULL DEFAULT now(),
  drawn_at timestamptz,
  released_at timestamptz,
  answer_until date,
  closed_at timestamptz,
  -- What was computed when it closed: by unit, with the method that weighed it.
  outcome jsonb,
  CHECK ((state = 'closed') = (seed_revealed IS NOT NULL)),
  CHECK ((released_at IS NULL) = (answer_until IS NULL))
);

-- All that could be drawn, as it stood when it was drawn: with the seed anybody can draw again. `here` are facts of the
-- platform, `source` decisions that the evaluator found at the unit itself.
CREATE TABLE xh.evaluation_frame (
  plan_id integer NOT NULL REFERENCES xh.evaluation_plan,
  unit_id integer NOT NULL,
  frame text NOT NULL CHECK (frame IN ('here', 'source')),
  members integer NOT NULL,
  digest text NOT NULL,
  packed bytea NOT NULL,
  PRIMARY KEY (plan_id, unit_id, frame)
);

CREATE TABLE xh.evaluation_sample (
  sample_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id integer NOT NULL REFERENCES xh.evaluation_plan,
  unit_id integer NOT NULL,
  number integer NOT NULL,
  frame text NOT NULL CHECK (frame IN ('here', 'source')),
  stratum text NOT NULL,
  item smallint NOT NULL,
  document_number text NOT NULL,
  -- What the platform held when it was drawn: encrypted until compared, null where it held nothing.
  held_secret bytea,
  -- What the source shows, entered by the evaluator; the rest is computed from it.
  shown jsonb,
  entered_by text,
  entered_at timestamptz,
  -- {"missing": bool, "late": bool, "mismatched": ["decidedOn", …], "notAtSource": bool}
  finding jsonb,
  UNIQUE (plan_id, unit_id, number),
  UNIQUE (plan_id, unit_id, frame, item, document_number),
  CHECK ((shown IS NULL) = (finding IS NULL) AND (shown IS NULL) = (entered_by IS NULL))
);

-- A picture or file, encrypted in the data folder.
CREATE TABLE xh.evaluation_evidence (
  evidence_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sample_id bigint NOT NULL REFERENCES xh.evaluation_sample,
  file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
  type text NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'image/webp', 'application/pdf')),
  bytes integer NOT NULL CHECK (bytes > 0),
  sha256 text NOT NULL,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (sample_id, sha256)
);

CREATE TABLE xh.evaluation_answer (
  sample_id bigint PRIMARY KEY REFERENCES xh.evaluation_sample,
  answer text NOT NULL CHECK (length(answer) BETWEEN 2 AND 2000),
  answered_by text NOT NULL,
  answered_at timestamptz NOT NULL DEFAULT now()
);

-- A reviewer of the centre decides on each answer; nobody reviews what he entered.
CREATE TABLE xh.evaluation_review (
  sample_id bigint PRIMARY KEY REFERENCES xh.evaluation_sample,
  lifted boolean NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 2 AND 2000),
  reviewed_by text NOT NULL,
  reviewed_at timestamptz NOT NULL DEFAULT now()
);

-- 瞒报: a person found that a unit knowingly withheld a decision, and says why. Nothing computes this.
CREATE TABLE xh.concealment_finding (
  sample_id bigint PRIMARY KEY REFERENCES xh.evaluation_sample,
  reason text NOT NULL CHECK (length(reason) BETWEEN 10 AND 2000),
  found_by text NOT NULL,
  found_at timestamptz NOT NULL DEFAULT now()
);

-- ── alarms ───────────────────────────────────────────────────────────────────────────────────────────────────
-- Kinds and thresholds stand under policy/; an alarm says what, whose and how much, never a delivered value.
CREATE TABLE xh.alarm (
  alarm_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('sourceSilent', 'faultsJumped', 'withdrawalUnconfirmed', 'ledgerSilent', 'jobFailed', 'test')),
  -- What it is about, so that one thing rings once: `unit:12`, `unit:12/item:2`, `ledger`.
  object text NOT NULL,
  unit_id integer,
  rule_version text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  opened_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  acknowledged_by text,
  acknowledged_at timestamptz
);
CREATE UNIQUE INDEX alarm_open ON xh.alarm (kind, object) WHERE ended_at IS NULL;
CREATE INDEX alarm_when ON xh.alarm (opened_at);

CREATE TABLE xh.alarm_recipient (
  recipient_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel text NOT NULL CHECK (channel IN ('mail', 'webhook')),
  label text NOT NULL CHECK (length(label) BETWEEN 1 AND 100),
  -- Address and signing secret, encrypted.
  target_secret bytea NOT NULL,
  kinds text[] NOT NULL,
  active boolean NOT NULL DEFAULT true,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE xh.alarm_notice (
  alarm_id bigint NOT NULL REFERENCES xh.alarm,
  recipient_id integer NOT NULL REFERENCES xh.alarm_recipient,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  tries integer NOT NULL DEFAULT 0,
  fault text,
  sent_at timestamptz,
  PRIMARY KEY (alarm_id, recipient_id)
);

-- ── row-level security ───────────────────────────────────────────────────────────────────────────────────────
-- A unit sees nothing of an evaluation before the plan is released to it; then its own rows alone. The evaluator sees
-- evaluations and nothing else. The centre, which plans, does not see what was drawn before either.
CREATE FUNCTION xh.is_released(plan integer) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM xh.evaluation_plan WHERE plan_id = plan AND state IN ('released', 'closed')) $$;
CREATE FUNCTION xh.sees_sample(plan integer, unit integer) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp
  AS $$ SELECT xh.actor_duty() = 'evaluation'
            OR ((xh.actor_duty() = 'centre' OR (xh.actor_duty() = 'department' AND unit = xh.actor_unit())) AND xh.is_released(plan)) $$;
CREATE FUNCTION xh.sees_sample_row(of_sample bigint) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM xh.evaluation_sample s WHERE s.sample_id = of_sample AND xh.sees_sample(s.plan_id, s.unit_id)) $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['delivery_part_figure', 'quality_month', 'evaluation_plan', 'evaluation_frame', 'evaluation_sample',
                           'evaluation_evidence', 'evaluation_answer', 'evaluation_review', 'concealment_finding'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true) WITH CHECK (true)', t);
  END LOOP;
  CREATE POLICY load ON xh.delivery_part_figure TO xh_load USING (true) WITH CHECK (true);
  FOREACH t IN ARRAY ARRAY['delivery_part_figure', 'quality_month'] LOOP
    EXECUTE format($p$CREATE POLICY own ON xh.%I TO xh_app USING (
      source_unit = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre')$p$, t);
  END LOOP;
  -- Plans: the evaluator and the centre; a unit those released that concern it.
  CREATE POLICY seen ON xh.evaluation_plan FOR SELECT TO xh_app USING (
    (SELECT xh.actor_duty()) IN ('evaluation', 'centre')
    OR ((SELECT xh.actor_duty()) = 'department' AND state IN ('released', 'closed') AND (SELECT xh.actor_unit()) = ANY (units)));
  CREATE POLICY planned ON xh.evaluation_plan FOR INSERT TO xh_app WITH CHECK ((SELECT xh.actor_duty()) = 'centre');
  CREATE POLICY moved ON xh.evaluation_plan FOR UPDATE TO xh_app
    USING ((SELECT xh.actor_duty()) IN ('evaluation', 'centre')) WITH CHECK ((SELECT xh.actor_duty()) IN ('evaluation', 'centre'));
  CREATE POLICY evaluator ON xh.evaluation_frame TO xh_app
    USING ((SELECT xh.actor_duty()) = 'evaluation' OR ((SELECT xh.actor_duty()) = 'centre' AND xh.is_released(plan_id)))
    WITH CHECK ((SELECT xh.actor_duty()) = 'evaluation');
  CREATE POLICY seen ON xh.evaluation_sample FOR SELECT TO xh_app USING (xh.sees_sample(plan_id, unit_id));
  CREATE POLICY drawn ON xh.evaluation_sample FOR INSERT TO xh_app WITH CHECK ((SELECT xh.actor_duty()) = 'evaluation');
  CREATE POLICY entered ON xh.evaluation_sample FOR UPDATE TO xh_app
    USING ((SELECT xh.actor_duty()) = 'evaluation') WITH CHECK ((SELECT xh.actor_duty()) = 'evaluation');
  FOREACH t IN ARRAY ARRAY['evaluation_evidence', 'concealment_finding', 'evaluation_answer', 'evaluation_review'] LOOP
    EXECUTE format('CREATE POLICY seen ON xh.%I FOR SELECT TO xh_app USING (xh.sees_sample_row(sample_id))', t);
    EXECUTE format($p$CREATE POLICY written ON xh.%I FOR INSERT TO xh_app WITH CHECK (
      xh.sees_sample_row(sample_id) AND (SELECT xh.actor_duty()) = %L)$p$, t,
      CASE t WHEN 'evaluation_answer' THEN 'department' WHEN 'evaluation_review' THEN 'centre' ELSE 'evaluation' END);
  END LOOP;
END $$;

-- ── grants ───────────────────────────────────────────────────────────────────────────────────────────────────
REVOKE ALL ON FUNCTION xh.counts_unit(integer), xh.double_publicity_facts(smallint[], date, date, integer),
  xh.double_publicity_rejected(smallint[], date, date, integer), xh.heard_days(smallint[], date, date),
  xh.is_released(integer), xh.sees_sample(integer, integer), xh.sees_sample_row(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.counts_unit(integer), xh.double_publicity_facts(smallint[], date, date, integer),
  xh.double_publicity_rejected(smallint[], date, date, integer), xh.heard_days(smallint[], date, date),
  xh.is_released(integer), xh.sees_sample(integer, integer), xh.sees_sample_row(bigint) TO xh_app, xh_job;
GRANT INSERT ON xh.delivery_part_figure TO xh_load;
GRANT SELECT ON xh.delivery_part_figure, xh.quality_month TO xh_app, xh_job;
GRANT INSERT, UPDATE, DELETE ON xh.quality_month TO xh_job;
GRANT SELECT, INSERT ON xh.evaluation_plan, xh.evaluation_frame, xh.evaluation_sample, xh.evaluation_evidence,
  xh.evaluation_answer, xh.evaluation_review, xh.concealment_finding TO xh_app;
GRANT UPDATE (state, seed_revealed, drawn_at, released_at, answer_until, closed_at, outcome) ON xh.evaluation_plan TO xh_app;
GRANT UPDATE (members, digest, packed) ON xh.evaluation_frame TO xh_app;
GRANT UPDATE (shown, entered_by, entered_at, finding) ON xh.evaluation_sample TO xh_app;
GRANT SELECT ON xh.evaluation_plan, xh.evaluation_sample TO xh_job;
GRANT SELECT, INSERT, UPDATE ON xh.alarm, xh.alarm_notice TO xh_job;
GRANT SELECT ON xh.alarm_recipient TO xh_job;
GRANT SELECT, INSERT, UPDATE ON xh.alarm_recipient TO xh_app;
GRANT SELECT, INSERT, UPDATE ON xh.alarm, xh.alarm_notice TO xh_app;
GRANT SELECT ON xh.standing_break TO xh_job;
-- How old the ledger's newest head is: the alarm that rings when it falls silent.
GRANT SELECT (size, signed_at) ON xh.ledger_head TO xh_job;
-- The health page names the newest migration.
GRANT SELECT ON xh.migration TO xh_job;
