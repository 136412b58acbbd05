-- Measures with their law, the matters that units handle, which measure meets which matter, and what units subscribe to.
-- Breaks nothing: new tables.
--
-- kind: measure_code reference
-- kind: measure reference
-- kind: matter reference
-- kind: measure_binding reference
-- kind: matter_measure reference
-- kind: matter_subscription reference
-- kind: recognition_agreement reference
-- kind: joint_action_state reference

-- ── measures ─────────────────────────────────────────────────────────────────────────────────────────────────
-- A measure keeps its family for ever: what only a law may do never slips into another family.
CREATE TABLE xh.measure_code (
  code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9-]{0,47}$'),
  family "char" NOT NULL CHECK (family IN ('A', 'B', 'C', 'R')),
  UNIQUE (code, family)
);

-- One row a ground: a measure is here with its law and article, or it is not here. It stands on a released document of
-- policy, and nobody may write it but through the release.
CREATE TABLE xh.measure (
  code text NOT NULL,
  version integer NOT NULL,
  ground smallint NOT NULL,
  policy_kind text NOT NULL GENERATED ALWAYS AS ('measure') STORED,
  family "char" NOT NULL,
  title jsonb NOT NULL,
  ground_kind text NOT NULL
    CHECK (ground_kind IN ('law', 'regulation', 'judicialInterpretation', 'rule', 'centralDocument', 'promise')),
  law text NOT NULL,
  article text NOT NULL,
  lists text[] NOT NULL CHECK (cardinality(lists) > 0),
  objects text[] NOT NULL CHECK (cardinality(objects) > 0 AND objects <@ ARRAY['organisation', 'representative', 'person']),
  effects text[] NOT NULL CHECK (cardinality(effects) > 0 AND effects <@ ARRAY['remind', 'warn', 'intercept', 'reward']),
  in_force daterange NOT NULL CHECK (NOT isempty(in_force)),
  entered xid8 NOT NULL DEFAULT pg_current_xact_id(),
  entered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (code, version, ground),
  FOREIGN KEY (code, family) REFERENCES xh.measure_code (code, family),
  CONSTRAINT released FOREIGN KEY (policy_kind, code, version) REFERENCES xh.policy_version (kind, code, version),
  CONSTRAINT has_a_law CHECK (length(translate(law, E' \t\r\n\u00a0\u3000\u200b', '')) >= 2
    AND length(translate(article, E' \t\r\n\u00a0\u3000\u200b', '')) >= 2),
  -- Whatever the officer's system asks for: only by law, only of organisations.
  CONSTRAINT intercepts_by_law CHECK (NOT 'intercept' = ANY (effects)
    OR (family = 'A' AND ground_kind IN ('law', 'regulation', 'judicialInterpretation', 'rule') AND objects = ARRAY['organisation'])),
  CONSTRAINT family_a_stands_on_law
    CHECK (family <> 'A' OR ground_kind IN ('law', 'regulation', 'judicialInterpretation', 'rule')),
  CONSTRAINT nobody_is_made_to_choose CHECK (family <> 'C'),
  CONSTRAINT rewards_are_a_family CHECK (('reward' = ANY (effects)) = (family = 'R') AND (family <> 'R' OR effects = ARRAY['reward']))
);

-- The version that the calendar says, and of it the grounds in force. A later version without grounds ends a measure.
CREATE VIEW xh.measure_in_force AS
  SELECT m.code, m.version, m.ground, m.family, m.title, m.ground_kind, m.law, m.article, m.lists, m.objects, m.effects,
         m.in_force, m.entered
    FROM xh.measure m
   WHERE m.in_force @> xh.today()
     AND m.version = (SELECT max(p.version) FROM xh.policy_version p
                       WHERE p.kind = 'measure' AND p.code = m.code AND p.in_force_from <= xh.today());

-- ── matters ──────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.matter (
  matter_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[0-9A-Za-z][0-9A-Za-z-]{3,39}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 2 AND 200),
  kind text NOT NULL CHECK (kind <> ''),
  unit_id integer NOT NULL REFERENCES xh.unit,
  ended_on date,
  imported_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (matter_id, unit_id)
);
CREATE INDEX matter_unit ON xh.matter (unit_id, code);

-- Which measure meets which matters: named one by one, or by a rule over the matter. Two persons of the centre.
CREATE TABLE xh.measure_binding (
  binding_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  measure_code text NOT NULL REFERENCES xh.measure_code,
  matters text[],
  rule text,
  reason text NOT NULL CHECK (reason <> ''),
  approval_id bigint NOT NULL UNIQUE REFERENCES xh.approval,
  proposed_by text NOT NULL,
  approved_by text NOT NULL,
  made xid8 NOT NULL DEFAULT pg_current_xact_id(),
  made_at timestamptz NOT NULL DEFAULT now(),
  ended xid8,
  ended_at timestamptz,
  ended_approval_id bigint UNIQUE REFERENCES xh.approval,
  CONSTRAINT by_code_or_by_rule CHECK (num_nonnulls(matters, rule) = 1 AND cardinality(matters) <> 0 AND rule <> ''),
  CONSTRAINT two_persons CHECK (proposed_by <> approved_by),
  CONSTRAINT ended_whole CHECK (num_nulls(ended, ended_at, ended_approval_id) IN (0, 3))
);
CREATE TABLE xh.matter_measure (
  binding_id integer NOT NULL REFERENCES xh.measure_binding,
  matter_id integer NOT NULL REFERENCES xh.matter,
  measure_code text NOT NULL,
  PRIMARY KEY (binding_id, matter_id, measure_code)
);
CREATE INDEX matter_measure_matter ON xh.matter_measure (matter_id);

-- ── what units subscribe to ──────────────────────────────────────────────────────────────────────────────────
-- unit × matter × measure with the effect that the unit wants. The keys hold what the rules say: the unit's own matter,
-- bound to the measure, `intercept` in family A alone, by two persons. Rows end, and are never changed.
CREATE TABLE xh.matter_subscription (
  subscription_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id integer NOT NULL,
  matter_id integer NOT NULL,
  measure_code text NOT NULL,
  family "char" NOT NULL,
  binding_id integer NOT NULL,
  effect text NOT NULL CHECK (effect IN ('remind', 'warn', 'intercept', 'reward')),
  approval_id bigint NOT NULL REFERENCES xh.approval,
  proposed_by text NOT NULL,
  approved_by text NOT NULL,
  made xid8 NOT NULL DEFAULT pg_current_xact_id(),
  made_at timestamptz NOT NULL DEFAULT now(),
  ended xid8,
  ended_at timestamptz,
  ended_by text,
  ended_reason text,
  CONSTRAINT ones_own_matter FOREIGN KEY (matter_id, unit_id) REFERENCES xh.matter (matter_id, unit_id),
  CONSTRAINT bound FOREIGN KEY (binding_id, matter_id, measure_code)
    REFERENCES xh.matter_measure (binding_id, matter_id, measure_code),
  CONSTRAINT family_of_the_measure FOREIGN KEY (measure_code, family) REFERENCES xh.measure_code (code, family),
  CONSTRAINT only_family_a_intercepts CHECK (effect <> 'intercept' OR family = 'A'),
  CONSTRAINT rewards_are_a_family CHECK ((effect = 'reward') = (family = 'R')),
  CONSTRAINT two_persons CHECK (proposed_by <> approved_by),
  CONSTRAINT ended_whole CHECK (num_nulls(ended, ended_at, ended_by, ended_reason) IN (0, 4))
);
CREATE UNIQUE INDEX matter_subscription_standing ON xh.matter_subscription (matter_id, measure_code) WHERE ended IS NULL;
CREATE INDEX matter_subscription_unit ON xh.matter_subscription (unit_id, matter_id);

-- Agreements under which entries of other cities count here, and for which lists.
CREATE TABLE xh.recognition_agreement (
  agreement text PRIMARY KEY CHECK (length(agreement) BETWEEN 2 AND 60),
  city text NOT NULL CHECK (city <> ''),
  document text NOT NULL CHECK (document <> ''),
  lists text[] NOT NULL CHECK (cardinality(lists) > 0),
  in_force daterange NOT NULL CHECK (NOT isempty(in_force)),
  made xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ended xid8
);

-- Counts every change of the above: who keeps them in memory asks with each check whether they still hold.
CREATE TABLE xh.joint_action_state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  stamp bigint NOT NULL
);
INSERT INTO xh.joint_action_state (stamp) VALUES (1);

-- ── doors ────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE FUNCTION xh.joint_action_changed() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp
BEGIN ATOMIC
  UPDATE xh.joint_action_state SET stamp = stamp + 1;
END;

-- Writes the grounds of a released measure. It takes nothing but the name of a version: what it says was released.
CREATE FUNCTION xh.enter_measure(of_code text, of_version integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE document jsonb; written integer;
BEGIN
  SELECT body INTO document FROM xh.policy_version WHERE kind = 'measure' AND code = of_code AND version = of_version;
  IF document IS NULL THEN RAISE EXCEPTION 'no such measure' USING ERRCODE = 'XH404'; END IF;
  IF document ->> 'state' IS DISTINCT FROM 'applicable' THEN
    INSERT INTO xh.measure_code (code, family) VALUES (of_code, (document ->> 'family')::"char") ON CONFLICT DO NOTHING;
    PERFORM xh.joint_action_changed();
    RETURN 0;
  END IF;
  IF coalesce(jsonb_array_length(document -> 'grounds'), 0) = 0 THEN
    RAISE EXCEPTION 'a measure without a law cannot be applied' USING ERRCODE = 'check_violation', CONSTRAINT = 'has_a_law';
  END IF;
  INSERT INTO xh.measure_code (code, family) VALUES (of_code, (document ->> 'family')::"char") ON CONFLICT DO NOTHING;
  INSERT INTO xh.measure (code, version, ground, family, title, ground_kind, law, article, lists, objects, effects, in_force)
  SELECT of_code, of_version, g.number::smallint, (document ->> 'family')::"char", document -> 'title', g.ground ->> 'kind',
         g.ground ->> 'law', g.ground ->> 'article',
         ARRAY(SELECT jsonb_array_elements_text(g.ground -> 'lists')),
         ARRAY(SELECT jsonb_array_elements_text(g.ground -> 'objects')),
         ARRAY(SELECT jsonb_array_elements_text(g.ground -> 'effects')),
         daterange((g.ground ->> 'from')::date, (g.ground ->> 'until')::date, '[]')
    FROM jsonb_array_elements(document -> 'grounds') WITH ORDINALITY AS g (ground, number)
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS written = ROW_COUNT;
  PERFORM xh.joint_action_changed();
  RETURN written;
END $$;

-- Binds a measure to matters as two persons of the centre agreed. By rule: those that the rule meets today; matters
-- that come later are met when they are imported.
CREATE FUNCTION xh.bind_measure(of_approval bigint, met text[]) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE who record; what jsonb; made_binding integer;
BEGIN
  who := xh.two_persons(of_approval, 'measure.bind');
  SELECT payload::jsonb INTO what FROM xh.approval WHERE approval_id = of_approval AND proposer_duty = 'centre';
  IF what IS NULL THEN RAISE EXCEPTION 'the centre binds measures' USING ERRCODE = 'XH403'; END IF;
  IF NOT EXISTS (SELECT FROM xh.measure_in_force WHERE code = what ->> 'measure') THEN
    RAISE EXCEPTION 'no such measure in force' USING ERRCODE = 'XH404';
  END IF;
  IF what ? 'matters' AND NOT met <@ ARRAY(SELECT jsonb_array_elements_text(what -> 'matters')) THEN
    RAISE EXCEPTION 'other matters were agreed' USING ERRCODE = 'XH409';
  END IF;
  INSERT INTO xh.measure_binding (measure_code, matters, rule, reason, approval_id, proposed_by, approved_by)
  SELECT what ->> 'measure',
         CASE WHEN what ? 'matters' THEN ARRAY(SELECT jsonb_array_elements_text(what -> 'matters')) END,
         what ->> 'rule', x.reason, of_approval, who.proposer, who.approver
    FROM xh.approval x WHERE x.approval_id = of_approval
  RETURNING binding_id INTO made_binding;
  INSERT INTO xh.matter_measure (binding_id, matter_id, measure_code)
  SELECT made_binding, m.matter_id, what ->> 'measure' FROM xh.matter m WHERE m.code = ANY (met) AND m.ended_on IS NULL;
  PERFORM xh.joint_action_changed();
  RETURN made_binding;
END $$;

-- Matters that came after a rule was agreed and that it meets. Only ever adds, only to bindings that stand by a rule.
CREATE FUNCTION xh.meet_by_rule(of_binding integer, met text[]) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE added integer;
BEGIN
  INSERT INTO xh.matter_measure (binding_id, matter_id, measure_code)
  SELECT b.binding_id, m.matter_id, b.measure_code
    FROM xh.measure_binding b JOIN xh.matter m ON m.code = ANY (met) AND m.ended_on IS NULL
   WHERE b.binding_id = of_binding AND b.rule IS NOT NULL AND b.ended IS NULL
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  PERFORM xh.joint_action_changed();
  RETURN added;
END $$;

CREATE FUNCTION xh.unbind_measure(of_approval bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE ended_one boolean;
BEGIN
  PERFORM xh.two_persons(of_approval, 'measure.unbind');
  UPDATE xh.measure_binding b
     SET ended = pg_current_xact_id(), ended_at = now(), ended_approval_id = of_approval
    FROM xh.approval x
   WHERE x.approval_id = of_approval AND x.proposer_duty = 'centre'
     AND b.binding_id = (x.payload::jsonb ->> 'binding')::integer AND b.ended IS NULL;
  ended_one := FOUND;
  PERFORM xh.joint_action_changed();
  RETURN ended_one;
END $$;

-- Subscribes a unit as two of its persons agreed; what it says is the approved text, and nothing else. A standing
-- subscription to the same measure ends with it. @returns how many were made
CREATE FUNCTION xh.subscribe_matters(of_approval bigint) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE who record; what jsonb; of_unit integer; made_count integer;
BEGIN
  who := xh.two_persons(of_approval, 'matter.subscribe');
  SELECT payload::jsonb, unit_id INTO what, of_unit FROM xh.approval WHERE approval_id = of_approval;
  IF of_unit IS NULL THEN RAISE EXCEPTION 'a unit subscribes' USING ERRCODE = 'XH403'; END IF;
  UPDATE xh.matter_subscription s
     SET ended = pg_current_xact_id(), ended_at = now(), ended_by = who.approver, ended_reason = 'replaced'
    FROM jsonb_array_elements(what -> 'lines') AS l, xh.matter m
   WHERE m.code = l ->> 'matter' AND m.unit_id = of_unit AND s.matter_id = m.matter_id AND s.measure_code = l ->> 'measure'
     AND s.ended IS NULL;
  INSERT INTO xh.matter_subscription (unit_id, matter_id, measure_code, family, binding_id, effect, approval_id, proposed_by, approved_by)
  SELECT of_unit, m.matter_id, l ->> 'measure', c.family, b.binding_id, l ->> 'effect', of_approval, who.proposer, who.approver
    FROM jsonb_array_elements(what -> 'lines') AS l
    JOIN xh.matter m ON m.code = l ->> 'matter' AND m.unit_id = of_unit AND m.ended_on IS NULL
    JOIN xh.measure_code c ON c.code = l ->> 'measure'
    JOIN LATERAL (SELECT mm.binding_id FROM xh.matter_measure mm JOIN xh.measure_binding bb USING (binding_id)
                   WHERE mm.matter_id = m.matter_id AND mm.measure_code = c.code AND bb.ended IS NULL
                   ORDER BY mm.binding_id LIMIT 1) b ON true
   WHERE EXISTS (SELECT FROM xh.measure_in_force f WHERE f.code = c.code AND l ->> 'effect' = ANY (f.effects));
  GET DIAGNOSTICS made_count = ROW_COUNT;
  IF made_count <> jsonb_array_length(what -> 'lines') THEN
    RAISE EXCEPTION 'not one''s own matter, not bound, or not allowed by the law' USING ERRCODE = 'XH409';
  END IF;
  PERFORM xh.joint_action_changed();
  RETURN made_count;
END $$;

-- A unit may apply less than before by one person's word.
CREATE FUNCTION xh.unsubscribe_matter(of_subscription integer, by_whom text, for_reason text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE ended_one boolean;
BEGIN
  UPDATE xh.matter_subscription
     SET ended = pg_current_xact_id(), ended_at = now(), ended_by = by_whom, ended_reason = for_reason
   WHERE subscription_id = of_subscription AND unit_id = xh.actor_unit() AND ended IS NULL;
  ended_one := FOUND;
  IF ended_one THEN PERFORM xh.joint_action_changed(); END IF;
  RETURN ended_one;
END $$;

-- ── walls and grants ─────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE xh.matter_subscription ENABLE ROW LEVEL SECURITY;
CREATE POLICY job ON xh.matter_subscription TO xh_job USING (true);
CREATE POLICY own ON xh.matter_subscription FOR SELECT TO xh_app USING (
  unit_id = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre');

GRANT SELECT ON xh.measure_code, xh.measure, xh.measure_in_force, xh.matter, xh.measure_binding, xh.matter_measure,
  xh.matter_subscription, xh.recognition_agreement, xh.joint_action_state TO xh_app, xh_job;
GRANT SELECT ON xh.measure_in_force, xh.matter TO xh_portal;
GRANT INSERT (code, name, kind, unit_id), UPDATE (name, kind, unit_id, ended_on) ON xh.matter TO xh_app;
REVOKE ALL ON FUNCTION xh.joint_action_changed(), xh.enter_measure(text, integer), xh.bind_measure(bigint, text[]),
  xh.meet_by_rule(integer, text[]), xh.unbind_measure(bigint), xh.subscribe_matters(bigint),
  xh.unsubscribe_matter(integer, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.joint_action_changed(), xh.enter_measure(text, integer), xh.bind_measure(bigint, text[]),
  xh.meet_by_rule(integer, text[]), xh.unbind_measure(bigint), xh.subscribe_matters(bigint),
  xh.unsubscribe_matter(integer, text, text) TO xh_app;
