-- Departments deliver: uploads, deliveries that wait for their turn, rejected rows as they came, drafts, nil reports,
-- withdrawals that wait for a second person, and what a supervisor has to hear.
-- Breaks nothing: adds tables; a fact may be hidden until a second person decides (`h`).
--
-- kind: delivery_order local
-- kind: rejected_block local
-- kind: upload local
-- kind: draft local
-- kind: nil_report local
-- kind: withdrawal local
-- kind: supervision_event local

-- ── deliveries that were handed in and wait, run, or have ended ──────────────────────────────────────────────
-- Beside `delivery`: by whom and how it came, and how far the server is with it. A restart goes on from here.
CREATE TABLE xh.delivery_order (
  delivery_id bigint PRIMARY KEY REFERENCES xh.delivery,
  source_unit integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('file', 'paste', 'form', 'mend', 'machine')),
  ordered_by text NOT NULL,
  actor jsonb NOT NULL,
  upload_id uuid NOT NULL,
  client_key text,
  -- The earlier delivery whose rejected rows this one brings again, and which of them, row by row.
  mends bigint CHECK (mends <> delivery_id),
  origin_rows integer[],
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'ended')),
  lane smallint,
  attempts smallint NOT NULL DEFAULT 0,
  progress real NOT NULL DEFAULT 0,
  progress_rows integer NOT NULL DEFAULT 0,
  ordered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX delivery_order_open ON xh.delivery_order (delivery_id) WHERE state <> 'ended';
CREATE INDEX delivery_order_mends ON xh.delivery_order (mends) WHERE mends IS NOT NULL;
CREATE INDEX delivery_order_key ON xh.delivery_order (source_unit, client_key) WHERE client_key IS NOT NULL;
CREATE INDEX delivery_of_unit ON xh.delivery (source_unit, delivery_id);

-- Rejected rows with their cells as delivered and all that is wrong with them: compressed and encrypted, a thousand
-- at a time, written in the part's own transaction.
CREATE TABLE xh.rejected_block (
  delivery_id bigint NOT NULL REFERENCES xh.delivery,
  first_row integer NOT NULL,
  last_row integer NOT NULL,
  rows integer NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (delivery_id, first_row)
);

-- ── uploads ──────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.upload (
  upload_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source_unit integer NOT NULL,
  account integer NOT NULL,
  name text NOT NULL,
  bytes bigint NOT NULL CHECK (bytes > 0),
  received bigint NOT NULL DEFAULT 0 CHECK (received >= 0 AND received <= bytes),
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  -- open: bytes are missing; complete: whole and its digest right; taken: a delivery has it.
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'complete', 'taken')),
  created_at timestamptz NOT NULL DEFAULT now(),
  touched_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX upload_abandoned ON xh.upload (touched_at) WHERE state <> 'taken';

-- ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────
-- Work that is not delivered yet, encrypted: an ended session or a closed browser loses nothing that was typed.
CREATE TABLE xh.draft (
  account integer NOT NULL,
  key text NOT NULL CHECK (key ~ '^[a-z0-9-]{1,60}$'),
  source_unit integer NOT NULL,
  item text NOT NULL,
  delivery_id bigint,
  content bytea NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account, key)
);
CREATE INDEX draft_saved ON xh.draft (saved_at);

-- ── nil reports ──────────────────────────────────────────────────────────────────────────────────────────────
-- A unit says that it decided nothing in a period. Silence says nothing.
CREATE TABLE xh.nil_report (
  item smallint NOT NULL,
  source_unit integer NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  declared_by text NOT NULL,
  declared_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (item, source_unit, period_from, period_to),
  CHECK (period_from <= period_to)
);

-- ── withdrawal, hidden at once ───────────────────────────────────────────────────────────────────────────────
ALTER TABLE xh.record DROP CONSTRAINT withdrawn_reason;
ALTER TABLE xh.record ADD CONSTRAINT withdrawn_reason CHECK (withdrawn IN ('x', 'r', 'v', 'c', 'e', 's', 'h'));

CREATE TABLE xh.withdrawal (
  withdrawal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id bigint NOT NULL,
  item smallint NOT NULL,
  key uuid NOT NULL,
  source_unit integer NOT NULL,
  reason text NOT NULL CHECK (reason IN ('revoked', 'changed', 'heldUnlawful', 'error')),
  ground text NOT NULL,
  hidden_by text NOT NULL,
  hidden_account integer NOT NULL,
  hidden_at timestamptz NOT NULL DEFAULT now(),
  -- A second person decides until the end of this day.
  due_on date NOT NULL,
  approval bigint,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'refused')),
  decided_by text,
  decided_account integer,
  decided_at timestamptz,
  decision_reason text,
  CHECK (hidden_account <> decided_account)
);
CREATE UNIQUE INDEX withdrawal_open ON xh.withdrawal (subject_id, item, key) WHERE state = 'open';
CREATE INDEX withdrawal_of_unit ON xh.withdrawal (source_unit, withdrawal_id);
CREATE INDEX withdrawal_of_item ON xh.withdrawal (item, hidden_at);

-- What a supervisor has to hear: an act that waited longer than it may. The alarms read it.
CREATE TABLE xh.supervision_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  object text NOT NULL,
  source_unit integer,
  due_on date NOT NULL,
  raised_at timestamptz NOT NULL DEFAULT now(),
  told_at timestamptz,
  UNIQUE (kind, object)
);

-- Hides, confirms or shows again one fact: the state as it stands now, with another letter. The row is locked first, so
-- that a delivery that is writing the same fact is neither lost nor lost to.
-- @param letter_before the letter that the fact bears now, NULL where none
-- @returns 1 where it was done, 0 where the fact is not in that state or is not the actor's to change
CREATE FUNCTION xh.turn_withdrawn(of_subject bigint, of_item smallint, of_key uuid, letter_before text, letter_after text)
  RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  PERFORM FROM xh.record
    WHERE subject_id = of_subject AND item = of_item AND key = of_key
      AND (source_unit = xh.actor_unit() OR xh.actor_duty() IN ('centre', 'system')) FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  INSERT INTO xh.change (subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item,
         item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until,
         amount_fen, withdrawn, hold, document_number, content, inner_content)
  SELECT subject_id, key, content_hash, delivery_id, clock_timestamp(), delivery_row, public_rule, source_unit, item,
         item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until,
         amount_fen, letter_after::"char", hold, document_number, content, inner_content
    FROM xh.record
   WHERE subject_id = of_subject AND item = of_item AND key = of_key
     AND withdrawn::text IS NOT DISTINCT FROM letter_before;
  IF NOT FOUND THEN RETURN 0; END IF;
  RETURN xh.supersede(false);
END $$;

-- A delivery compared its rows before somebody hid a fact: what it wrote over that is hidden again before anyone sees
-- it. Called before each part is committed.
CREATE FUNCTION xh.keep_hidden(of_item smallint, by_delivery bigint, since timestamptz) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE w record; kept integer := 0;
BEGIN
  FOR w IN SELECT DISTINCT ON (d.subject_id, d.key) d.* FROM xh.withdrawal d
             JOIN xh.record r ON r.subject_id = d.subject_id AND r.item = d.item AND r.key = d.key
            WHERE d.item = of_item AND (d.state = 'open' OR (d.state = 'confirmed' AND d.decided_at >= since))
              AND r.withdrawn IS NULL AND r.delivery_id = by_delivery
            ORDER BY d.subject_id, d.key, d.withdrawal_id DESC LOOP
    kept := kept + xh.turn_withdrawn(w.subject_id, w.item, w.key, NULL,
      CASE WHEN w.state = 'open' THEN 'h' WHEN w.reason IN ('revoked', 'heldUnlawful') THEN 'v'
           WHEN w.reason = 'changed' THEN 'c' ELSE 'e' END);
  END LOOP;
  RETURN kept;
END $$;

-- Lets the public see one fact that was held, where it is the actor's to release.
CREATE FUNCTION xh.release_held(of_subject bigint, of_item smallint, of_key uuid) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  PERFORM FROM xh.record
    WHERE subject_id = of_subject AND item = of_item AND key = of_key AND hold IS NOT NULL AND subject_kind <> 'p'
      AND (source_unit = xh.actor_unit() OR xh.actor_duty() IN ('centre', 'system')) FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  RETURN xh.release(of_subject, of_item, of_key);
END $$;

-- ── row-level security ───────────────────────────────────────────────────────────────────────────────────────
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['delivery_order', 'upload', 'nil_report', 'withdrawal'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY load ON xh.%I TO xh_load USING (true) WITH CHECK (true)', t);
    EXECUTE format($p$CREATE POLICY own ON xh.%I TO xh_app USING (
      source_unit = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre')
      WITH CHECK (source_unit = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre')$p$, t);
  END LOOP;
  -- A draft is one person's alone, the centre does not see it either.
  ALTER TABLE xh.draft ENABLE ROW LEVEL SECURITY;
  CREATE POLICY job ON xh.draft TO xh_job USING (true) WITH CHECK (true);
  CREATE POLICY own ON xh.draft TO xh_app USING (account = (SELECT xh.actor_account())) WITH CHECK (account = (SELECT xh.actor_account()));
  -- Rejected rows belong to whom their delivery belongs to.
  FOREACH t IN ARRAY ARRAY['rejected_block'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY load ON xh.%I TO xh_load USING (true) WITH CHECK (true)', t);
    EXECUTE format($p$CREATE POLICY own ON xh.%I TO xh_app USING (
      EXISTS (SELECT FROM xh.delivery d WHERE d.delivery_id = %I.delivery_id))$p$, t, t);
  END LOOP;
END $$;

GRANT INSERT ON xh.delivery TO xh_app;
GRANT USAGE ON SEQUENCE xh.delivery_id TO xh_app;
GRANT SELECT, INSERT ON xh.delivery_order TO xh_app;
GRANT SELECT ON xh.rejected_block TO xh_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON xh.upload, xh.draft TO xh_app;
GRANT SELECT, INSERT, DELETE ON xh.nil_report TO xh_app;
GRANT SELECT, INSERT, UPDATE ON xh.withdrawal TO xh_app;
GRANT SELECT ON xh.supervision_event TO xh_app;
GRANT EXECUTE ON FUNCTION xh.turn_withdrawn(bigint, smallint, uuid, text, text), xh.release_held(bigint, smallint, uuid) TO xh_app;

GRANT SELECT, INSERT ON xh.rejected_block TO xh_load;
GRANT EXECUTE ON FUNCTION xh.keep_hidden(smallint, bigint, timestamptz) TO xh_load;

GRANT SELECT, UPDATE ON xh.delivery_order TO xh_job;
GRANT UPDATE (state, refusal, done_at, client_id) ON xh.delivery TO xh_job;
GRANT SELECT ON xh.rejected_block, xh.nil_report, xh.withdrawal TO xh_job;
GRANT SELECT, UPDATE, DELETE ON xh.upload TO xh_job;
GRANT SELECT, DELETE ON xh.draft TO xh_job;
GRANT SELECT, INSERT, UPDATE ON xh.supervision_event TO xh_job;
REVOKE EXECUTE ON FUNCTION xh.turn_withdrawn(bigint, smallint, uuid, text, text), xh.release_held(bigint, smallint, uuid),
  xh.keep_hidden(smallint, bigint, timestamptz) FROM PUBLIC;
