-- Who stands on which list: a projection of the facts of list items, written by the transaction that changes the fact.
-- Breaks nothing: new tables; the doors by which facts change (supersede, merge, undo, rename) project what they change.
--
-- kind: list_item reference
-- kind: listing local
-- kind: listing_version local

-- Which item holds the entries of which list: entered with the list (policy/lists), one to one.
CREATE TABLE xh.list_item (
  item smallint PRIMARY KEY REFERENCES xh.catalogue_item,
  list_code text NOT NULL UNIQUE CHECK (list_code ~ '^[a-z][a-z0-9-]{0,47}$')
);

-- One row an entry; in force on day D: in_force AND listed_on <= D AND (until IS NULL OR until >= D).
CREATE TABLE xh.listing (
  listing_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  list_code text NOT NULL,
  item smallint NOT NULL,
  subject_id bigint,
  key uuid,
  -- o organisation, b public body, i individual business, p person.
  kind "char" NOT NULL CHECK (kind IN ('o', 'b', 'i', 'p')),
  uscc text,
  -- Further codes of the same subject, where two were found to be one.
  other_codes text[],
  -- Of a person the keyed hash of the document's number, and nothing else.
  person text,
  name text,
  region integer,
  authority_unit integer,
  document_number text,
  listed_on date NOT NULL,
  -- Last day in force.
  until date,
  -- Neither withdrawn nor hidden nor held.
  in_force boolean NOT NULL,
  -- Of an entry of another city: which one, and the agreement under which it may count here.
  origin text,
  agreement text,
  changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (subject_id, item, key),
  CONSTRAINT a_person_is_a_hash CHECK (CASE WHEN kind = 'p' THEN person IS NOT NULL AND name IS NULL AND uscc IS NULL
                                            ELSE person IS NULL END),
  CONSTRAINT no_person_from_elsewhere CHECK (origin IS NULL OR kind <> 'p'),
  CONSTRAINT from_here_or_elsewhere CHECK ((origin IS NULL) = (subject_id IS NOT NULL AND key IS NOT NULL))
);
CREATE INDEX listing_uscc ON xh.listing (uscc) WHERE uscc IS NOT NULL;
CREATE INDEX listing_other_codes ON xh.listing USING gin (other_codes) WHERE other_codes IS NOT NULL;
CREATE INDEX listing_person ON xh.listing (person) WHERE person IS NOT NULL;
CREATE INDEX listing_changed ON xh.listing (changed);

-- What stood before: believed from known_from to known_until, by the transactions `changed` and `replaced`. What a
-- snapshot saw is told from the two transactions exactly, what stood at an instant from the two instants.
CREATE TABLE xh.listing_version (
  LIKE xh.listing,
  known_from timestamptz NOT NULL,
  known_until timestamptz NOT NULL,
  replaced xid8 NOT NULL,
  PRIMARY KEY (listing_id, replaced)
);
CREATE INDEX listing_version_uscc ON xh.listing_version (uscc) WHERE uscc IS NOT NULL;
CREATE INDEX listing_version_person ON xh.listing_version (person) WHERE person IS NOT NULL;

-- A person's listing is found by the number's hash alone.
CREATE INDEX identifier_person_subject ON xh.identifier_person (subject_id);

-- What the listing of a fact is to say, from the fact as it stands.
CREATE VIEW xh.listing_of_record AS
  SELECT l.list_code, r.item, r.subject_id, r.key, r.subject_kind AS kind,
         CASE WHEN r.subject_kind = 'p' THEN NULL
              ELSE coalesce(a.uscc, (SELECT n.uscc FROM xh.subject_name n WHERE n.subject_id = r.subject_id AND n.uscc IS NOT NULL
                                      ORDER BY n.current DESC LIMIT 1)) END AS uscc,
         CASE WHEN a.subject_id IS NOT NULL OR EXISTS (SELECT FROM xh.subject_alias m WHERE m.stands_for = r.subject_id)
              THEN (SELECT array_agg(DISTINCT n.uscc ORDER BY n.uscc)
                      FROM xh.subject_name n
                     WHERE n.subject_id IN (SELECT coalesce(a.stands_for, r.subject_id) UNION ALL
                                            SELECT m.subject_id FROM xh.subject_alias m WHERE m.stands_for = coalesce(a.stands_for, r.subject_id))
                       AND n.uscc IS NOT NULL) END AS codes,
         CASE WHEN r.subject_kind = 'p' THEN (SELECT i.value FROM xh.identifier_person i WHERE i.subject_id = r.subject_id LIMIT 1) END AS person,
         CASE WHEN r.subject_kind = 'p' THEN NULL
              ELSE coalesce(a.name, (SELECT s.name FROM xh.subject s WHERE s.subject_id = r.subject_id AND s.kind <> 'p')) END AS name,
         r.region, r.authority_unit, r.document_number,
         coalesce(r.valid_from, r.decided_on, (r.recorded_from AT TIME ZONE 'Asia/Shanghai')::date) AS listed_on,
         least(r.public_until, r.valid_to) AS until,
         r.withdrawn IS NULL AND r.hold IS NULL AS in_force,
         r.delivery_id, r.delivery_row
    FROM xh.record r
    JOIN xh.list_item l ON l.item = r.item
    LEFT JOIN xh.subject_alias a ON a.subject_id = r.subject_id;

-- Writes the listings of the facts that `which` names (a FROM item called w with subject_id, item and key, or a
-- condition on r), keeps what was believed before, and tells whoever listens. Called by the doors alone.
-- @returns how many listings are new or changed
CREATE FUNCTION xh.write_listings(which text, item smallint, number bigint, from_row integer, subjects bigint[]) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE written integer;
BEGIN
  EXECUTE format($q$
    WITH believed AS (
      SELECT r.list_code, r.item, r.subject_id, r.key, r.kind, r.uscc, nullif(array_remove(r.codes, r.uscc), '{}') AS other_codes,
             r.person, r.name, r.region, r.authority_unit, r.document_number, r.listed_on, r.until, r.in_force
        FROM xh.listing_of_record r %s),
    before AS (
      INSERT INTO xh.listing_version
      SELECT l.*, l.changed_at, now(), pg_current_xact_id()
        FROM xh.listing l JOIN believed b ON b.subject_id = l.subject_id AND b.item = l.item AND b.key = l.key
       WHERE l.changed <> pg_current_xact_id()
         AND (l.list_code, l.kind, l.uscc, l.other_codes, l.person, l.name, l.region, l.authority_unit, l.document_number, l.listed_on, l.until, l.in_force)
             IS DISTINCT FROM
             (b.list_code, b.kind, b.uscc, b.other_codes, b.person, b.name, b.region, b.authority_unit, b.document_number, b.listed_on, b.until, b.in_force))
    INSERT INTO xh.listing AS l (list_code, item, subject_id, key, kind, uscc, other_codes, person, name, region, authority_unit,
           document_number, listed_on, until, in_force)
    SELECT * FROM believed
    ON CONFLICT (subject_id, item, key) DO UPDATE
       SET list_code = EXCLUDED.list_code, kind = EXCLUDED.kind, uscc = EXCLUDED.uscc, other_codes = EXCLUDED.other_codes,
           person = EXCLUDED.person, name = EXCLUDED.name, region = EXCLUDED.region, authority_unit = EXCLUDED.authority_unit,
           document_number = EXCLUDED.document_number, listed_on = EXCLUDED.listed_on, until = EXCLUDED.until,
           in_force = EXCLUDED.in_force, changed = pg_current_xact_id(), changed_at = now()
     WHERE (l.list_code, l.kind, l.uscc, l.other_codes, l.person, l.name, l.region, l.authority_unit, l.document_number, l.listed_on, l.until, l.in_force)
           IS DISTINCT FROM
           (EXCLUDED.list_code, EXCLUDED.kind, EXCLUDED.uscc, EXCLUDED.other_codes, EXCLUDED.person, EXCLUDED.name, EXCLUDED.region,
            EXCLUDED.authority_unit, EXCLUDED.document_number, EXCLUDED.listed_on, EXCLUDED.until, EXCLUDED.in_force)$q$, which)
    USING item, number, from_row, subjects;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written > 0 THEN PERFORM pg_notify('xh_listing', ''); END IF;
  RETURN written;
END $$;

-- Projects the facts that a delivery has put into the leaf of a list item, from one of its rows on; without a delivery
-- all facts of the item. Merging waits meanwhile: it would not see them.
CREATE FUNCTION xh.project_listings(of_item smallint, of_delivery bigint DEFAULT NULL, from_row integer DEFAULT 0) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM xh.list_item WHERE item = of_item) THEN RETURN 0; END IF;
  PERFORM pg_advisory_xact_lock_shared(7261015);
  IF of_delivery IS NULL THEN
    RETURN xh.write_listings('WHERE r.item = $1', of_item, NULL, NULL, NULL);
  END IF;
  RETURN xh.write_listings('WHERE r.item = $1 AND r.delivery_id = $2 AND r.delivery_row >= $3', of_item, of_delivery, from_row, NULL);
END $$;

-- Projects all facts of some subjects: they have got another name, another code, or were found to be one.
CREATE FUNCTION xh.project_subjects(of_subjects bigint[]) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM xh.listing WHERE subject_id = ANY(of_subjects)) THEN RETURN 0; END IF;
  RETURN xh.write_listings('WHERE r.subject_id = ANY($4)', NULL, NULL, NULL, of_subjects);
END $$;

-- A subject with all that were found to be the same one.
CREATE FUNCTION xh.group_of(of_subject bigint) RETURNS bigint[] LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH root AS (SELECT coalesce((SELECT stands_for FROM xh.subject_alias WHERE subject_id = of_subject), of_subject) AS id)
  SELECT array_agg(x.id) FROM (
    SELECT id FROM root UNION SELECT a.subject_id FROM xh.subject_alias a, root WHERE a.stands_for = root.id) x
$$;

-- A list and the item of its entries. The item is released before; what it holds already is projected at once.
CREATE FUNCTION xh.enter_list(of_code text, of_item_code text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE number smallint; owner_of text;
BEGIN
  SELECT item INTO number FROM xh.catalogue_item WHERE code = of_item_code;
  IF number IS NULL THEN RAISE EXCEPTION 'the item of the list is not released' USING ERRCODE = 'XH409'; END IF;
  INSERT INTO xh.list_item (item, list_code) VALUES (number, of_code) ON CONFLICT DO NOTHING;
  SELECT list_code INTO owner_of FROM xh.list_item WHERE item = number;
  IF owner_of IS DISTINCT FROM of_code THEN RAISE EXCEPTION 'the item belongs to another list' USING ERRCODE = 'XH409'; END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS record_%1$s_delivery_row ON xh.record_%1$s (delivery_id, delivery_row)', number);
  PERFORM xh.project_listings(number);
END $$;

-- ── the doors ────────────────────────────────────────────────────────────────────────────────────────────────
-- As before (0010); what it changes of a list is projected. For facts of other items that costs nothing: which items
-- were changed is known from the first statement.
CREATE OR REPLACE FUNCTION xh.supersede(succession boolean) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE changed integer; of_lists boolean;
BEGIN
  WITH broken AS (
    INSERT INTO xh.standing_break (item, source_unit)
    SELECT DISTINCT r.item, r.source_unit
      FROM xh.change c JOIN xh.record r ON r.subject_id = c.subject_id AND r.item = c.item AND r.key = c.key
     WHERE c.loader = pg_backend_pid()
    RETURNING item)
  SELECT EXISTS (SELECT FROM broken JOIN xh.list_item USING (item)) INTO of_lists;
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
         item_version = c.item_version, subject_kind = c.subject_kind, withdrawn = c.withdrawn, hold = c.hold, amount_fen = c.amount_fen,
         document_number = c.document_number, content = c.content, inner_content = c.inner_content
    FROM staged c
   WHERE r.subject_id = c.subject_id AND r.item = c.item AND r.key = c.key;
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF of_lists THEN
    PERFORM pg_advisory_xact_lock_shared(7261015);
    PERFORM xh.write_listings('JOIN (SELECT c.subject_id, c.item, c.key FROM xh.change c WHERE c.loader = pg_backend_pid()) w
      ON w.subject_id = r.subject_id AND w.item = r.item AND w.key = r.key', NULL, NULL, NULL, NULL);
  END IF;
  DELETE FROM xh.change WHERE loader = pg_backend_pid();
  RETURN changed;
END $$;

-- As before (0006), and the listings of both follow.
CREATE OR REPLACE FUNCTION xh.merge_subjects(of_approval bigint, of_kept bigint, of_merged bigint, of_ground text, of_evidence jsonb)
  RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE kept_kind "char"; merged_kind "char"; number bigint; who record;
BEGIN
  who := xh.two_persons(of_approval, 'subject.merge');
  PERFORM pg_advisory_xact_lock(7261006);
  PERFORM pg_advisory_xact_lock(7261015);
  SELECT kind INTO kept_kind FROM xh.subject WHERE subject_id = of_kept;
  SELECT kind INTO merged_kind FROM xh.subject WHERE subject_id = of_merged;
  IF kept_kind IS NULL OR merged_kind IS NULL THEN RAISE EXCEPTION 'no such subject' USING ERRCODE = 'XH404'; END IF;
  IF kept_kind <> merged_kind THEN RAISE EXCEPTION 'subjects of two kinds' USING ERRCODE = 'XH409'; END IF;
  IF EXISTS (SELECT FROM xh.subject_alias WHERE subject_id = of_kept AND stands_for = of_merged) THEN
    RAISE EXCEPTION 'merged the other way round' USING ERRCODE = 'XH409';
  END IF;
  INSERT INTO xh.subject_merge (kept, merged, kind, ground, evidence, approval_id, proposed_by, approved_by)
    VALUES (of_kept, of_merged, merged_kind, of_ground, of_evidence, of_approval, who.proposer, who.approver)
    RETURNING merge_id INTO number;
  PERFORM xh.renew_aliases();
  PERFORM xh.project_subjects(xh.group_of(of_kept));
  RETURN number;
END $$;

CREATE OR REPLACE FUNCTION xh.undo_merge(of_approval bigint, of_merge bigint, of_ground text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE who record; together bigint[];
BEGIN
  who := xh.two_persons(of_approval, 'subject.split');
  PERFORM pg_advisory_xact_lock(7261006);
  PERFORM pg_advisory_xact_lock(7261015);
  SELECT xh.group_of(kept) INTO together FROM xh.subject_merge WHERE merge_id = of_merge;
  UPDATE xh.subject_merge
     SET undone_approval_id = of_approval, undone_ground = of_ground, undone_proposed_by = who.proposer,
         undone_by = who.approver, undone_at = now()
   WHERE merge_id = of_merge AND undone_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM xh.renew_aliases();
  PERFORM xh.project_subjects(together);
  RETURN true;
END $$;

-- As before (0006), and its listings bear the new name.
CREATE OR REPLACE FUNCTION xh.rename(renamed bigint, new_name text, comparable_name text, code text, name_initials text, name_grams integer[])
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  UPDATE xh.subject_name SET current = false WHERE subject_id = renamed AND current;
  INSERT INTO xh.subject_name (subject_id, name, comparable, current, uscc, initials, grams)
    VALUES (renamed, new_name, comparable_name, true, code, name_initials, name_grams)
    ON CONFLICT (subject_id, comparable) DO UPDATE SET current = true, name = EXCLUDED.name;
  UPDATE xh.subject SET name = new_name, registered = true WHERE subject_id = renamed AND kind <> 'p';
  UPDATE xh.subject_alias SET name = new_name, uscc = coalesce(code, uscc) WHERE stands_for = renamed;
  PERFORM xh.project_subjects(xh.group_of(renamed));
END $$;

-- A subject known by a registration number until now has got its code: its name bears it from here on.
CREATE FUNCTION xh.learn_code(of_subject bigint, code text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  UPDATE xh.subject_name SET uscc = code WHERE subject_id = of_subject AND current AND uscc IS NULL;
  UPDATE xh.subject_alias SET uscc = code WHERE stands_for = of_subject AND uscc IS NULL;
  PERFORM xh.project_subjects(xh.group_of(of_subject));
END $$;

-- As before (0012); a list that two persons release gets its entries at once.
CREATE OR REPLACE FUNCTION xh.release_policy(of_approval bigint, of_kind text, of_code text, of_version integer, of_hash text,
    of_body jsonb, of_day date, of_source text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE number integer; owner_of text; who record;
BEGIN
  who := xh.two_persons(of_approval, 'catalogue.release');
  IF NOT EXISTS (SELECT FROM xh.approval WHERE approval_id = of_approval AND payload::jsonb ->> 'hash' = of_hash) THEN
    RAISE EXCEPTION 'another text was approved' USING ERRCODE = 'XH409';
  END IF;
  PERFORM pg_advisory_xact_lock(7261002);
  IF EXISTS (SELECT FROM xh.policy_version WHERE kind = of_kind AND code = of_code AND version >= of_version) THEN
    RAISE EXCEPTION 'version taken' USING ERRCODE = 'XH409';
  END IF;
  -- A version that the program brings may be older than the day on which two persons let it in; one written here may not.
  IF of_day < xh.today() AND EXISTS (SELECT FROM xh.policy_version WHERE kind = of_kind AND code = of_code) THEN RAISE EXCEPTION 'in force before today' USING ERRCODE = 'XH409'; END IF;
  IF of_kind = 'item' THEN
    number := (of_body ->> 'number')::integer;
    IF number NOT BETWEEN 1 AND 32767 OR of_code !~ '^[a-z][a-z0-9-]{0,47}$' THEN
      RAISE EXCEPTION 'no such item number' USING ERRCODE = 'XH409';
    END IF;
    INSERT INTO xh.catalogue_item (item, code) VALUES (number, of_code) ON CONFLICT DO NOTHING;
    SELECT code INTO owner_of FROM xh.catalogue_item WHERE item = number;
    IF owner_of IS DISTINCT FROM of_code THEN RAISE EXCEPTION 'number taken' USING ERRCODE = 'XH409'; END IF;
    IF to_regclass(format('xh.record_%s', number)) IS NULL THEN
      EXECUTE format('CREATE TABLE xh.record_%1$s PARTITION OF xh.record FOR VALUES IN (%1$s)', number);
      EXECUTE format('CREATE TABLE xh.record_version_%1$s PARTITION OF xh.record_version FOR VALUES IN (%1$s)', number);
      EXECUTE format('GRANT INSERT ON xh.record_%1$s, xh.record_version_%1$s TO xh_load', number);
    END IF;
  END IF;
  INSERT INTO xh.policy_version (kind, code, version, hash, body, in_force_from, source, approval_id, proposed_by, approved_by)
    VALUES (of_kind, of_code, of_version, of_hash, of_body, of_day, of_source, of_approval, who.proposer, who.approver);
  IF of_kind = 'item' THEN PERFORM xh.renew_categories(); END IF;
  IF of_kind = 'list' THEN PERFORM xh.enter_list(of_code, coalesce(of_body ->> 'catalogueItem', of_code)); END IF;
END $$;

-- A person's entries in force on a day, for whoever knows the number and has a duty; who asks says why in the ledger.
CREATE FUNCTION xh.person_listings(of_person text, on_day date) RETURNS SETOF xh.listing
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  SELECT * FROM xh.listing
   WHERE person = of_person AND xh.actor_duty() IS NOT NULL
     AND in_force AND listed_on <= on_day AND (until IS NULL OR until >= on_day)
$$;

-- ── walls ────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE xh.listing ENABLE ROW LEVEL SECURITY;
ALTER TABLE xh.listing_version ENABLE ROW LEVEL SECURITY;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['listing', 'listing_version'] LOOP
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true)', t);
    -- What is on a list is every unit's to apply; what is hidden, held or taken back is the centre's to see.
    EXECUTE format($p$CREATE POLICY seen ON xh.%I FOR SELECT TO xh_app USING (
      (in_force AND (SELECT xh.actor_duty()) IS NOT NULL) OR (SELECT xh.actor_duty()) = 'centre')$p$, t);
    EXECUTE format($p$CREATE POLICY no_person ON xh.%I AS RESTRICTIVE TO xh_app USING (kind <> 'p')$p$, t);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION xh.write_listings(text, smallint, bigint, integer, bigint[]), xh.project_listings(smallint, bigint, integer),
  xh.project_subjects(bigint[]), xh.group_of(bigint), xh.enter_list(text, text), xh.learn_code(bigint, text),
  xh.person_listings(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.project_listings(smallint, bigint, integer) TO xh_load, xh_job;
GRANT EXECUTE ON FUNCTION xh.learn_code(bigint, text) TO xh_load;
GRANT EXECUTE ON FUNCTION xh.person_listings(text, date) TO xh_app, xh_job;
GRANT SELECT ON xh.list_item TO xh_app, xh_load, xh_job, xh_portal;
GRANT SELECT ON xh.listing, xh.listing_version TO xh_app, xh_job;
GRANT SELECT ON xh.listing_of_record TO xh_job;
