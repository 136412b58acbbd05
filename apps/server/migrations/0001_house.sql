-- The house: units, policy, subjects, facts and their history, deliveries, reviews, the ledger's inbox.
-- Breaks nothing: first migration.
--
-- Kind of each table (docs/decisions/0004; `migrations.test.ts` holds the rules of Citus):
-- kind: unit reference
-- kind: catalogue_item reference
-- kind: policy_version reference
-- kind: publication_rule reference
-- kind: subject_alias reference
-- kind: subject distributed subject_id
-- kind: identifier distributed value
-- kind: subject_name distributed subject_id
-- kind: record distributed subject_id
-- kind: record_version distributed subject_id
-- kind: delivery local
-- kind: delivery_part local
-- kind: standing_break local
-- kind: review local
-- kind: ledger_inbox local
-- kind: gram local

-- Today in the calendar of the law. The testkit alone replaces this function.
CREATE FUNCTION xh.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date $$;

-- The actor of the running transaction, set by withActor; '' and unset both mean nobody.
CREATE FUNCTION xh.actor_unit() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('app.unit', true), '')::integer $$;
CREATE FUNCTION xh.actor_duty() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('app.duty', true), '') $$;

-- Taken in blocks: a value stands for itself and the 999 numbers after it.
CREATE SEQUENCE xh.subject_id AS bigint INCREMENT 1000 START 1000;
CREATE SEQUENCE xh.delivery_id AS bigint;

-- ── reference ────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.unit (
  unit_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uscc text NOT NULL UNIQUE CHECK (length(uscc) = 18),
  name text NOT NULL,
  former_names text[] NOT NULL DEFAULT '{}',
  region integer,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE xh.catalogue_item (
  item smallint PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{0,47}$')
);

-- Items, code lists and publication rules as they were released: a version never changes.
CREATE TABLE xh.policy_version (
  kind text NOT NULL CHECK (kind IN ('item', 'code-list', 'publication')),
  code text NOT NULL,
  version integer NOT NULL,
  hash text NOT NULL,
  body jsonb NOT NULL,
  in_force_from date NOT NULL,
  entered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, code, version)
);

CREATE TABLE xh.publication_rule (
  rule integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE
);

-- A merge of two subjects: records never move, the alias can be taken back.
CREATE TABLE xh.subject_alias (
  subject_id bigint PRIMARY KEY,
  stands_for bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (subject_id <> stands_for)
);

-- ── subjects ─────────────────────────────────────────────────────────────────────────────────────────────────
-- kind: o organisation, b public body, i individual business, p person. A person's name is encrypted.
CREATE TABLE xh.subject (
  subject_id bigint NOT NULL,
  kind "char" NOT NULL CHECK (kind IN ('o', 'b', 'i', 'p')),
  name text,
  name_secret bytea,
  region integer,
  registered boolean NOT NULL DEFAULT false,
  delivery_id bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject_id, kind),
  CHECK ((kind = 'p') = (name IS NULL))
) PARTITION BY LIST (kind);
CREATE TABLE xh.subject_organisation PARTITION OF xh.subject FOR VALUES IN ('o', 'b', 'i');
CREATE TABLE xh.subject_person PARTITION OF xh.subject FOR VALUES IN ('p');

-- type: u USCC, r registration number, p person's document (value = keyed hash).
CREATE TABLE xh.identifier (
  value text NOT NULL,
  type "char" NOT NULL CHECK (type IN ('u', 'r', 'p')),
  subject_id bigint NOT NULL,
  subject_kind "char" NOT NULL,
  secret bytea,
  PRIMARY KEY (value, type),
  CHECK ((type = 'p') = (subject_kind = 'p'))
) PARTITION BY LIST (type);
CREATE TABLE xh.identifier_uscc PARTITION OF xh.identifier FOR VALUES IN ('u');
CREATE TABLE xh.identifier_registration PARTITION OF xh.identifier FOR VALUES IN ('r');
CREATE TABLE xh.identifier_person PARTITION OF xh.identifier FOR VALUES IN ('p');
-- Old records name an organisation by the code inside its USCC (GB 11714, positions 9–17).
CREATE INDEX identifier_organisation_code ON xh.identifier_uscc (substr(value, 9, 9));

-- Names of organisations, current and former: what the search reads. No person is ever here.
CREATE TABLE xh.subject_name (
  subject_id bigint NOT NULL,
  name text NOT NULL,
  -- Compared byte by byte: the same order and the same prefixes on every server.
  comparable text COLLATE "C" NOT NULL,
  current boolean NOT NULL,
  uscc text,
  initials text COLLATE "C" NOT NULL,
  grams integer[] NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject_id, comparable)
);

-- ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────
-- `content` holds the item's public fields, `inner_content` the others, in the order of the item version's
-- fields, separated by U+001F; secret fields are encrypted inside it.
CREATE TABLE xh.record (
  subject_id bigint NOT NULL,
  key uuid NOT NULL,
  content_hash uuid NOT NULL,
  delivery_id bigint NOT NULL,
  recorded_from timestamptz NOT NULL,
  delivery_row integer NOT NULL,
  public_rule integer NOT NULL,
  source_unit integer NOT NULL,
  item smallint NOT NULL,
  item_version smallint NOT NULL,
  subject_kind "char" NOT NULL,
  authority_unit integer,
  region integer,
  decided_on date,
  valid_from date,
  valid_to date,
  public_from date,
  public_until date,
  amount_fen bigint,
  withdrawn "char",
  hold text,
  document_number text,
  content text NOT NULL,
  inner_content bytea,
  PRIMARY KEY (subject_id, item, key),
  CONSTRAINT no_person_is_public CHECK (subject_kind <> 'p' OR public_from IS NULL),
  CONSTRAINT held_is_not_public CHECK (hold IS NULL OR public_from IS NULL),
  CONSTRAINT withdrawn_reason CHECK (withdrawn IN ('x', 'r', 'v', 'c', 'e', 's'))
) PARTITION BY LIST (item);
-- The same document under another subject (KEY_MOVED), and the fact behind a public id.
CREATE INDEX record_key ON xh.record (key);
-- The lists of 双公示, newest first; many facts share a day, so that these stay small.
CREATE INDEX record_decided ON xh.record (decided_on);
CREATE INDEX record_authority ON xh.record (authority_unit, decided_on);
-- Facts lie in the order of their deliveries: a summary by block is enough to find one delivery's.
CREATE INDEX record_delivery ON xh.record USING brin (delivery_id);

-- Every earlier belief: true in the world in valid_during, believed by us in recorded_during.
CREATE TABLE xh.record_version (
  LIKE xh.record,
  recorded_to timestamptz NOT NULL,
  -- Since when, and to which day (exclusive), the state held in the world, as believed in that time.
  held_from date,
  held_to date,
  PRIMARY KEY (subject_id, item, key, recorded_from, recorded_to),
  CONSTRAINT no_person_is_public CHECK (subject_kind <> 'p' OR public_from IS NULL)
) PARTITION BY LIST (item);

-- ── deliveries ───────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.delivery (
  delivery_id bigint PRIMARY KEY,
  client_id text,
  item smallint NOT NULL,
  item_version smallint NOT NULL,
  source_unit integer NOT NULL,
  mode text NOT NULL CHECK (mode IN ('increment', 'snapshot')),
  file_name text NOT NULL,
  content_sha256 text NOT NULL,
  bytes bigint NOT NULL,
  options jsonb NOT NULL DEFAULT '{}',
  format jsonb,
  notes jsonb NOT NULL DEFAULT '[]',
  state text NOT NULL CHECK (state IN ('received', 'processing', 'done', 'refused')),
  refusal jsonb,
  received integer NOT NULL DEFAULT 0,
  loaded integer NOT NULL DEFAULT 0,
  updated integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  in_review integer NOT NULL DEFAULT 0,
  ended integer NOT NULL DEFAULT 0,
  -- By what its rows were judged, and how often facts of its source had been changed when it ended: while both are
  -- the same, rows delivered again as they were stand.
  standing_context text,
  standing_breaks text,
  received_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  UNIQUE (source_unit, client_id),
  CONSTRAINT every_row_is_accounted_for
    CHECK (received = loaded + updated + unchanged + rejected + in_review)
);

-- What became of every row, one compressed and encrypted array a part.
CREATE TABLE xh.delivery_part (
  delivery_id bigint NOT NULL REFERENCES xh.delivery,
  part integer NOT NULL,
  first_row integer NOT NULL,
  rows integer NOT NULL,
  outcomes bytea NOT NULL,
  stretches bytea NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (delivery_id, part)
);

-- Each time that facts of a source took on another state: what it delivered last does not simply stand any more.
CREATE TABLE xh.standing_break (
  item smallint NOT NULL,
  source_unit integer NOT NULL,
  broken_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX standing_break_of ON xh.standing_break (item, source_unit);

-- A row that waits for a person: not loaded until decided. The row itself is encrypted.
CREATE TABLE xh.review (
  review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery_id bigint NOT NULL REFERENCES xh.delivery,
  delivery_row integer NOT NULL,
  item smallint NOT NULL,
  source_unit integer NOT NULL,
  reason text NOT NULL,
  subject_id bigint,
  other_subject_id bigint,
  key uuid,
  row_secret bytea NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected')),
  decision text,
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (delivery_id, delivery_row)
);
CREATE INDEX review_open ON xh.review (created_at) WHERE state = 'open';

-- ── ledger ───────────────────────────────────────────────────────────────────────────────────────────────────
-- Written by the act's own transaction; ordered into the tree afterwards. Who writes may not name time or transaction.
CREATE TABLE xh.ledger_inbox (
  entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
  actor text NOT NULL,
  duty text NOT NULL,
  unit integer,
  act text NOT NULL,
  object text,
  ground text,
  result text,
  request text,
  build text,
  detail jsonb NOT NULL DEFAULT '{}'
);

-- How many names hold each pair of characters: the search begins with the rarest.
CREATE TABLE xh.gram (
  gram integer PRIMARY KEY,
  names integer NOT NULL
);

-- ── what is public ───────────────────────────────────────────────────────────────────────────────────────────
-- The one place where a fact becomes public: dates are compared at the moment of reading.
CREATE VIEW xh.public_fact AS
  SELECT subject_id, item, key, content_hash, item_version, delivery_id, delivery_row, recorded_from, source_unit,
         authority_unit, decided_on, valid_from, valid_to, public_from, public_until, public_rule, region,
         amount_fen, document_number, subject_kind, content
    FROM xh.record
   WHERE public_from <= xh.today()
     AND (public_until IS NULL OR public_until >= xh.today())
     AND withdrawn IS NULL
     AND hold IS NULL
     AND subject_kind <> 'p';

-- Earlier versions of what is public now: a version that was never fit to be shown stays inside.
CREATE VIEW xh.public_fact_version AS
  SELECT v.subject_id, v.item, v.key, v.content_hash, v.item_version, v.delivery_id, v.delivery_row, v.recorded_from,
         v.recorded_to, v.source_unit, v.authority_unit, v.decided_on, v.valid_from, v.valid_to, v.held_from,
         v.held_to, v.amount_fen, v.document_number, v.subject_kind, v.content
    FROM xh.record_version v
   WHERE v.public_from IS NOT NULL AND v.hold IS NULL AND v.withdrawn IS NULL AND v.subject_kind <> 'p'
     AND EXISTS (SELECT FROM xh.public_fact f
                  WHERE f.subject_id = v.subject_id AND f.item = v.item AND f.key = v.key);

CREATE VIEW xh.public_subject AS
  SELECT s.subject_id, s.kind, s.name, s.region, s.registered
    FROM xh.subject s WHERE s.kind <> 'p';

CREATE VIEW xh.public_identifier AS
  SELECT value, subject_id FROM xh.identifier WHERE type = 'u';

CREATE VIEW xh.public_name AS
  SELECT subject_id, name, comparable, current, uscc, initials, grams FROM xh.subject_name;

CREATE VIEW xh.public_unit AS SELECT unit_id, uscc, name, region FROM xh.unit;

CREATE VIEW xh.public_delivery AS SELECT delivery_id, item, source_unit, received_at FROM xh.delivery;

-- ── changing facts ───────────────────────────────────────────────────────────────────────────────────────────
-- The loader may only insert; superseding is this one narrow door, owned by the owner of the tables.
CREATE UNLOGGED TABLE xh.change (LIKE xh.record);
ALTER TABLE xh.change ADD COLUMN loader integer NOT NULL DEFAULT pg_backend_pid();
-- kind: change local

-- Puts the staged new states of this session in the place of the current ones and keeps what was believed before.
-- @returns how many facts were changed
CREATE FUNCTION xh.supersede(succession boolean) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE changed integer;
BEGIN
  INSERT INTO xh.standing_break (item, source_unit)
  SELECT DISTINCT r.item, r.source_unit
    FROM xh.change c JOIN xh.record r ON r.subject_id = c.subject_id AND r.item = c.item AND r.key = c.key
   WHERE c.loader = pg_backend_pid();
  WITH staged AS (SELECT * FROM xh.change WHERE loader = pg_backend_pid()),
  believed AS (
    SELECT r.*, c.recorded_from AS recorded_to, c.valid_from AS next_from
      FROM staged c JOIN xh.record r ON r.subject_id = c.subject_id AND r.item = c.item AND r.key = c.key),
  before AS (
    INSERT INTO xh.record_version
    SELECT subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item,
           item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from,
           public_until, amount_fen, withdrawn, hold, document_number, content, inner_content, recorded_to,
           valid_from, NULL
      FROM believed),
  -- What we believe from now on of the time before the change: the earlier state, up to the day of the change.
  past AS (
    INSERT INTO xh.record_version
    SELECT subject_id, key, content_hash, delivery_id, recorded_to, delivery_row, public_rule, source_unit, item,
           item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from,
           public_until, amount_fen, withdrawn, hold, document_number, content, inner_content, 'infinity',
           valid_from, next_from
      FROM believed
     WHERE succession AND next_from > coalesce(valid_from, '-infinity'))
  UPDATE xh.record r
     SET content_hash = c.content_hash, delivery_id = c.delivery_id, recorded_from = c.recorded_from,
         delivery_row = c.delivery_row, source_unit = c.source_unit, authority_unit = c.authority_unit,
         decided_on = c.decided_on, valid_from = c.valid_from, valid_to = c.valid_to, public_from = c.public_from,
         public_until = c.public_until, public_rule = c.public_rule, region = c.region,
         item_version = c.item_version, withdrawn = c.withdrawn, hold = c.hold, amount_fen = c.amount_fen,
         document_number = c.document_number, content = c.content, inner_content = c.inner_content
    FROM staged c
   WHERE r.subject_id = c.subject_id AND r.item = c.item AND r.key = c.key;
  GET DIAGNOSTICS changed = ROW_COUNT;
  DELETE FROM xh.change WHERE loader = pg_backend_pid();
  RETURN changed;
END $$;

-- What a snapshot no longer holds ends: the caller's temporary table `held` names what it does hold.
CREATE FUNCTION xh.end_absent(of_item smallint, of_unit integer, by_delivery bigint) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  INSERT INTO xh.change (subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item,
         item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until,
         amount_fen, withdrawn, hold, document_number, content, inner_content)
  SELECT subject_id, key, content_hash, by_delivery, clock_timestamp(), 0, public_rule, source_unit, item,
         item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until,
         amount_fen, 'x', hold, document_number, content, inner_content
    FROM xh.record r
   WHERE item = of_item AND source_unit = of_unit AND withdrawn IS NULL
     AND NOT EXISTS (SELECT FROM pg_temp.held h WHERE h.subject_id = r.subject_id AND h.key = r.key);
  RETURN xh.supersede(false);
END $$;

-- Takes a fact back, for a reason of the withdrawal vocabulary: hidden at that instant, kept inside.
CREATE FUNCTION xh.withdraw(of_subject bigint, of_item smallint, of_key uuid, reason text) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  INSERT INTO xh.change (subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item,
         item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until,
         amount_fen, withdrawn, hold, document_number, content, inner_content)
  SELECT subject_id, key, content_hash, delivery_id, clock_timestamp(), delivery_row, public_rule, source_unit, item,
         item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until,
         amount_fen, reason::"char", hold, document_number, content, inner_content
    FROM xh.record WHERE subject_id = of_subject AND item = of_item AND key = of_key AND withdrawn IS NULL;
  RETURN xh.supersede(false);
END $$;

-- Releases a fact that was held back from the public.
CREATE FUNCTION xh.release(of_subject bigint, of_item smallint, of_key uuid) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  INSERT INTO xh.change (subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item,
         item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until,
         amount_fen, withdrawn, hold, document_number, content, inner_content)
  SELECT subject_id, key, content_hash, delivery_id, clock_timestamp(), delivery_row, public_rule, source_unit, item,
         item_version, subject_kind, authority_unit, region, decided_on, valid_from, valid_to, xh.today(), public_until,
         amount_fen, withdrawn, NULL, document_number, content, inner_content
    FROM xh.record WHERE subject_id = of_subject AND item = of_item AND key = of_key AND hold IS NOT NULL AND subject_kind <> 'p';
  RETURN xh.supersede(false);
END $$;

-- The registrar's name becomes the subject's name, the earlier one a former name.
CREATE FUNCTION xh.rename(renamed bigint, new_name text, comparable_name text, code text, name_initials text, name_grams integer[])
  RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp
BEGIN ATOMIC
  UPDATE xh.subject_name SET current = false WHERE subject_id = renamed AND current;
  INSERT INTO xh.subject_name (subject_id, name, comparable, current, uscc, initials, grams)
    VALUES (renamed, new_name, comparable_name, true, code, name_initials, name_grams)
    ON CONFLICT (subject_id, comparable) DO UPDATE SET current = true, name = EXCLUDED.name;
  UPDATE xh.subject SET name = new_name, registered = true WHERE subject_id = renamed AND kind <> 'p';
END;

-- ── row-level security: the second wall ──────────────────────────────────────────────────────────────────────
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['subject', 'identifier', 'record', 'record_version', 'delivery', 'review'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['subject', 'identifier', 'record', 'record_version', 'delivery', 'review'] LOOP
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true) WITH CHECK (true)', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['delivery', 'review'] LOOP
    EXECUTE format('CREATE POLICY load ON xh.%I TO xh_load USING (true) WITH CHECK (true)', t);
  END LOOP;
  -- What a unit delivered is its own; the centre sees all. Without an actor there is nothing to see.
  FOREACH t IN ARRAY ARRAY['record', 'record_version', 'delivery', 'review'] LOOP
    EXECUTE format($p$CREATE POLICY own ON xh.%I TO xh_app USING (
      source_unit = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre')
      WITH CHECK (source_unit = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre')$p$, t);
  END LOOP;
  -- Persons are behind a restrictive wall of their own: permissive policies are OR-ed, this one is not.
  CREATE POLICY organisations ON xh.subject TO xh_app USING ((SELECT xh.actor_duty()) IS NOT NULL);
  CREATE POLICY organisations ON xh.identifier TO xh_app USING ((SELECT xh.actor_duty()) IS NOT NULL);
  CREATE POLICY no_person ON xh.subject AS RESTRICTIVE TO xh_app USING (kind <> 'p');
  CREATE POLICY no_person ON xh.identifier AS RESTRICTIVE TO xh_app USING (type <> 'p');
  CREATE POLICY no_person ON xh.record AS RESTRICTIVE TO xh_app USING (subject_kind <> 'p');
  CREATE POLICY no_person ON xh.record_version AS RESTRICTIVE TO xh_app USING (subject_kind <> 'p');
END $$;

-- ── grants ───────────────────────────────────────────────────────────────────────────────────────────────────
GRANT USAGE ON SCHEMA xh TO xh_app, xh_load, xh_portal, xh_job, xh_ledger;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA xh FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.today(), xh.actor_unit(), xh.actor_duty() TO xh_app, xh_load, xh_portal, xh_job, xh_ledger;

GRANT SELECT ON xh.public_fact, xh.public_fact_version, xh.public_subject, xh.public_identifier, xh.public_name,
  xh.public_unit, xh.public_delivery, xh.gram TO xh_portal, xh_app, xh_job;
GRANT SELECT ON xh.publication_rule, xh.catalogue_item, xh.policy_version TO xh_portal, xh_app, xh_job, xh_load;

GRANT SELECT ON xh.unit, xh.subject_alias, xh.subject, xh.identifier, xh.subject_name, xh.record, xh.record_version,
  xh.delivery, xh.delivery_part, xh.review, xh.gram TO xh_job;
GRANT SELECT ON xh.unit, xh.subject_alias, xh.subject, xh.identifier, xh.subject_name, xh.record, xh.record_version,
  xh.delivery, xh.delivery_part, xh.review TO xh_app;
GRANT INSERT, UPDATE ON xh.unit TO xh_app;

-- The loader: inserts into leaves and into what a delivery writes beside them, supersedes through the door.
GRANT INSERT ON xh.subject_organisation, xh.subject_person, xh.identifier_uscc, xh.identifier_registration,
  xh.identifier_person, xh.subject_name, xh.change, xh.publication_rule TO xh_load;
GRANT SELECT, INSERT, UPDATE ON xh.delivery, xh.review TO xh_load;
GRANT SELECT, INSERT, UPDATE ON xh.delivery_part TO xh_load;
GRANT SELECT ON xh.standing_break, xh.subject_alias TO xh_load;
GRANT EXECUTE ON FUNCTION xh.supersede(boolean), xh.end_absent(smallint, integer, bigint),
  xh.withdraw(bigint, smallint, uuid, text), xh.release(bigint, smallint, uuid), xh.rename(bigint, text, text, text, text, integer[]) TO xh_load;
GRANT USAGE ON SEQUENCE xh.subject_id, xh.delivery_id TO xh_load;

GRANT INSERT (actor, duty, unit, act, object, ground, result, request, build, detail) ON xh.ledger_inbox
  TO xh_app, xh_load, xh_job, xh_portal;
GRANT SELECT, DELETE ON xh.ledger_inbox TO xh_ledger;
