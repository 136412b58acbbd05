-- The key ring: data keys wrapped by the main key, their rotation, and a narrow door to seal cells anew. Beside it what
-- keeping watch needs: rates counted by the database, and openings of the glass that administrators are told of.
-- Breaks nothing: new tables; an installation that has data keeps reading it (see key_ring.derived).
--
-- kind: key_ring local
-- kind: main_key local
-- kind: data_key local
-- kind: data_key_wrapping local
-- kind: sealed_place local
-- kind: key_rewrite local
-- kind: request_rate local
-- kind: break_glass local
-- kind: break_glass_seen local

-- ── the ring ─────────────────────────────────────────────────────────────────────────────────────────────────
-- derived: there was data before there was a ring. Its first data keys are then the ones that were derived from the
-- main key until now; a new installation draws random ones.
CREATE TABLE xh.key_ring (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  derived boolean NOT NULL
);
INSERT INTO xh.key_ring (derived)
  SELECT EXISTS (SELECT FROM xh.delivery) OR EXISTS (SELECT FROM xh.account_secret) OR EXISTS (SELECT FROM xh.invitation);

-- Main keys that this installation has had: never the key itself, only what tells one from another.
CREATE TABLE xh.main_key (
  fingerprint text PRIMARY KEY CHECK (fingerprint ~ '^[0-9a-f]{16}$'),
  state text NOT NULL CHECK (state IN ('current', 'retired', 'destroyed')),
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  -- The last start of a process that opened the ring with it.
  opened_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz,
  destroyed_at timestamptz,
  CHECK ((state = 'current') = (retired_at IS NULL)),
  CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX main_key_current ON xh.main_key ((true)) WHERE state = 'current';

CREATE TABLE xh.data_key (
  -- As it stands in every sealed cell.
  key_id bigint PRIMARY KEY CHECK (key_id BETWEEN 1 AND 4294967295),
  purpose text NOT NULL CHECK (purpose IN ('cells', 'records', 'files', 'lookup', 'names', 'veil', 'pepper', 'replies')),
  version integer NOT NULL CHECK (version > 0),
  state text NOT NULL DEFAULT 'current' CHECK (state IN ('current', 'retired', 'destroyed')),
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  -- Every process knows a new key before the first of them writes with it.
  usable_from timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz,
  destroyed_at timestamptz,
  UNIQUE (purpose, version),
  CHECK ((state = 'current') = (retired_at IS NULL)),
  CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL)),
  -- What is found again by it, or signed or mixed with it, does not change with the years.
  CONSTRAINT lasting CHECK (purpose IN ('cells', 'records', 'files') OR version = 1)
);
CREATE UNIQUE INDEX data_key_current ON xh.data_key (purpose) WHERE state = 'current';

-- One data key under one main key; under two while one main key takes the other's place.
CREATE TABLE xh.data_key_wrapping (
  key_id bigint NOT NULL REFERENCES xh.data_key,
  fingerprint text NOT NULL REFERENCES xh.main_key,
  wrapped bytea NOT NULL,
  PRIMARY KEY (key_id, fingerprint)
);

-- ── what is sealed ───────────────────────────────────────────────────────────────────────────────────────────
-- Every column that holds sealed cells: its table's key, how many bytes stand before the cell, and what it is bound to.
-- resealable: false where the ledger is bound to the very bytes.
CREATE TABLE xh.sealed_place (
  place text PRIMARY KEY,
  of_table name NOT NULL,
  of_column name NOT NULL,
  key_columns name[] NOT NULL,
  skips smallint NOT NULL DEFAULT 0,
  bound_to text NOT NULL,
  resealable boolean NOT NULL DEFAULT true,
  UNIQUE (of_table, of_column)
);
INSERT INTO xh.sealed_place (place, of_table, of_column, key_columns, bound_to) VALUES
  ('person-number', 'identifier', 'secret', '{value,type}', $$'identifier‖secret‖' || value$$),
  ('person-name', 'subject', 'name_secret', '{subject_id,kind}', $$'subject‖name_secret'$$),
  ('row-outcomes', 'delivery_part', 'outcomes', '{delivery_id,part}', $$'delivery_part‖' || delivery_id || '‖' || part$$),
  ('row-stretches', 'delivery_part', 'stretches', '{delivery_id,part}', $$'delivery_part‖stretches‖' || delivery_id || '‖' || part$$),
  ('row-cells', 'delivery_part', 'cells', '{delivery_id,part}', $$'delivery_part‖cells‖' || delivery_id || '‖' || part$$),
  ('rejected-rows', 'rejected_block', 'sealed', '{delivery_id,first_row}', $$'rejected_block‖' || delivery_id || '‖' || first_row$$),
  ('waiting-row', 'review', 'row_secret', '{review_id}', $$'review‖' || delivery_id || '‖' || delivery_row$$),
  ('draft', 'draft', 'content', '{account,key}', $$'draft‖content‖' || account || '‖' || key$$),
  ('complaint', 'complaint', 'text_secret', '{complaint_id}', $$'complaint‖text‖' || ticket$$),
  ('complaint-contact', 'complaint', 'contact_secret', '{complaint_id}', $$'complaint‖contact‖' || ticket$$),
  ('trial', 'policy_trial', 'result_secret', '{trial_id}', $$'policy_trial‖result‖' || trial_id$$),
  ('evaluation-seed', 'evaluation_plan', 'seed_secret', '{plan_id}', $$'evaluation_plan‖seed_secret‖' || seed_commitment$$),
  ('evaluation-frame', 'evaluation_frame', 'packed', '{plan_id,unit_id,frame}',
   $$'evaluation_frame‖packed‖' || plan_id || '‖' || unit_id || '‖' || frame$$),
  ('evaluation-sample', 'evaluation_sample', 'held_secret', '{sample_id}',
   $$'evaluation_sample‖held_secret‖' || plan_id || '‖' || unit_id || '‖' || number$$),
  ('alarm-target', 'alarm_recipient', 'target_secret', '{recipient_id}', $$'alarm_recipient‖target_secret‖' || label$$),
  ('authenticator', 'account_secret', 'totp_seed', '{account_id}', $$'account_secret‖totp_seed‖' || account_id$$),
  ('authenticator-to-come', 'invitation', 'totp_seed', '{account_id}', $$'account_secret‖totp_seed‖' || account_id$$),
  ('single-sign-on', 'single_sign_on_flow', 'secret', '{flow_hash}', $$'single_sign_on_flow‖' || encode(flow_hash, 'hex')$$),
  ('ledger-waiting', 'ledger_inbox', 'secret', '{entry_id}', $$'ledger‖detail'$$),
  ('ledger-detail', 'ledger_detail', 'secret', '{seq}', $$'ledger‖detail'$$),
  ('ledger-person', 'ledger_person', 'key_secret', '{subject_id}', $$'ledger_person‖key_secret‖' || subject_id$$);
INSERT INTO xh.sealed_place (place, of_table, of_column, key_columns, skips, bound_to, resealable) VALUES
  ('record', 'record', 'inner_content', '{subject_id,item,key}', 1, $$''$$, false),
  ('record-version', 'record_version', 'inner_content', '{subject_id,item,key,recorded_from,recorded_to}', 1, $$''$$, false);

-- How far a retired key has been replaced, place by place; files are places as well.
CREATE TABLE xh.key_rewrite (
  key_id bigint NOT NULL REFERENCES xh.data_key,
  place text NOT NULL,
  -- Where the pass stands; null at its beginning.
  reached jsonb,
  pass_began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  found_in_pass bigint NOT NULL DEFAULT 0,
  rewritten bigint NOT NULL DEFAULT 0,
  -- A whole pass, begun after every process had left the key, found nothing under it.
  clean_at timestamptz,
  PRIMARY KEY (key_id, place)
);

-- A piece of a place in the order of its key. Every row moves the pass on; the cell itself comes along only where it is
-- sealed with the key that is asked for.
CREATE FUNCTION xh.sealed_piece(of_place text, after jsonb, pieces integer, of_key bigint)
  RETURNS TABLE (at jsonb, bound_to text, sealed bytea)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE
  p xh.sealed_place;
  cols text;
  pairs text;
  behind text := '';
BEGIN
  SELECT * INTO STRICT p FROM xh.sealed_place WHERE place = of_place;
  SELECT string_agg(format('%I', c), ', ' ORDER BY n), string_agg(format('%L, %I', c, c), ', ' ORDER BY n)
    INTO cols, pairs FROM unnest(p.key_columns) WITH ORDINALITY k(c, n);
  IF after IS NOT NULL THEN
    SELECT format('AND (%s) > (%s)', cols, string_agg(quote_literal(after ->> c::text), ', ' ORDER BY n))
      INTO behind FROM unnest(p.key_columns) WITH ORDINALITY k(c, n);
  END IF;
  RETURN QUERY EXECUTE format(
    'SELECT jsonb_build_object(%s), (%s)::text,
            CASE WHEN substring(%I FROM %s FOR 5) = %L::bytea THEN substring(%I FROM %s) END
       FROM xh.%I WHERE %I IS NOT NULL %s ORDER BY %s LIMIT %s',
    pairs, p.bound_to, p.of_column, p.skips + 1, '\x01' || lpad(to_hex(of_key), 8, '0'), p.of_column, p.skips + 1,
    p.of_table, p.of_column, behind, cols, pieces);
END $$;

-- Puts a cell under another key in the place of the same cell; where it was changed meanwhile nothing happens.
CREATE FUNCTION xh.reseal(of_place text, at jsonb, before bytea, after bytea) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE
  p xh.sealed_place;
  here text;
  changed integer;
BEGIN
  SELECT * INTO STRICT p FROM xh.sealed_place WHERE place = of_place AND resealable;
  IF NOT EXISTS (SELECT FROM xh.data_key k WHERE k.state = 'current' AND k.purpose = 'cells'
                    AND substring(after FROM 1 FOR 5) = ('\x01' || lpad(to_hex(k.key_id), 8, '0'))::bytea)
     OR octet_length(after) <> octet_length(before) THEN
    RAISE EXCEPTION 'not the same cell under a current key' USING ERRCODE = 'check_violation';
  END IF;
  SELECT string_agg(format('%I = %s', c, quote_literal(at ->> c::text)), ' AND ') INTO here FROM unnest(p.key_columns) c;
  EXECUTE format('UPDATE xh.%I SET %I = $1 WHERE %s AND %I = $2', p.of_table, p.of_column, here, p.of_column)
    USING after, before;
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed = 1;
END $$;
REVOKE ALL ON FUNCTION xh.sealed_piece(text, jsonb, integer, bigint), xh.reseal(text, jsonb, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.sealed_piece(text, jsonb, integer, bigint), xh.reseal(text, jsonb, bytea, bytea) TO xh_job;

GRANT SELECT ON xh.key_ring, xh.sealed_place TO xh_job;
GRANT SELECT, INSERT ON xh.main_key, xh.data_key TO xh_job;
GRANT UPDATE (state, opened_at, retired_at, destroyed_at) ON xh.main_key TO xh_job;
GRANT UPDATE (state, retired_at, destroyed_at) ON xh.data_key TO xh_job;
GRANT SELECT, INSERT, DELETE ON xh.data_key_wrapping TO xh_job;
GRANT SELECT, INSERT, UPDATE ON xh.key_rewrite TO xh_job;
GRANT SELECT ON xh.ledger_key, xh.client_key, xh.client TO xh_job;

-- ── rates ────────────────────────────────────────────────────────────────────────────────────────────────────
-- Requests of a minute by whom they count for, whichever process takes them. Nothing is lost with it: not logged.
CREATE UNLOGGED TABLE xh.request_rate (
  counted_as text PRIMARY KEY,
  window_from timestamptz NOT NULL DEFAULT now(),
  requests integer NOT NULL
);
CREATE INDEX request_rate_window ON xh.request_rate (window_from);
GRANT SELECT, INSERT, UPDATE, DELETE ON xh.request_rate TO xh_access;

-- ── break glass ──────────────────────────────────────────────────────────────────────────────────────────────
-- Somebody opened an account at the terminal: the auditor and the other administrators are told when they next come.
CREATE TABLE xh.break_glass (
  break_glass_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id integer NOT NULL REFERENCES xh.account,
  reason text NOT NULL CHECK (length(btrim(reason)) >= 10),
  opened_by text NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE xh.break_glass_seen (
  break_glass_id integer NOT NULL REFERENCES xh.break_glass,
  account_id integer NOT NULL REFERENCES xh.account,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (break_glass_id, account_id)
);
ALTER TABLE xh.break_glass ENABLE ROW LEVEL SECURITY;
ALTER TABLE xh.break_glass_seen ENABLE ROW LEVEL SECURITY;
CREATE POLICY access ON xh.break_glass TO xh_access USING (true) WITH CHECK (true);
CREATE POLICY administrators ON xh.break_glass FOR SELECT TO xh_app
  USING ((SELECT xh.actor_duty()) IN ('system', 'security', 'audit'));
CREATE POLICY own ON xh.break_glass_seen TO xh_app
  USING (account_id = (SELECT xh.actor_account())) WITH CHECK (account_id = (SELECT xh.actor_account()));
GRANT SELECT, INSERT (account_id, reason, opened_by) ON xh.break_glass TO xh_access;
GRANT SELECT ON xh.break_glass TO xh_app;
GRANT SELECT, INSERT (break_glass_id, account_id) ON xh.break_glass_seen TO xh_app;

-- ── who read a person ────────────────────────────────────────────────────────────────────────────────────────
-- One look may show several persons: their tags stand in what the entry commits to.
CREATE INDEX ledger_detail_persons ON xh.ledger_detail USING gin ((detail -> 'persons') jsonb_path_ops)
  WHERE detail ? 'persons';
