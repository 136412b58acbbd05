-- What changes on lists goes out to subscribed systems and to partner cities, and what partner cities send comes in;
-- pages of other systems in which an officer may ask.
-- Breaks nothing: new tables; agreements are policy, and releasing one takes effect on the entries that rest on it.
--
-- kind: push_cursor local
-- kind: push_event local
-- kind: push_known local
-- kind: push_subscription local
-- kind: push_receipt local
-- kind: foreign_entry local
-- kind: exchange_message local
-- kind: widget_origin local

-- ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────
-- How far the feed of listings has been read: the snapshot in which the one announcer last looked, moved in the
-- transaction that writes the events.
CREATE TABLE xh.push_cursor (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  snapshot pg_snapshot NOT NULL
);

-- One row a message, for all subscribers; numbers rise in the order of commit, as one writes at a time. A message
-- never changes: the bytes that a subscriber is sent are made of it alone.
CREATE TABLE xh.push_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  listing_id bigint NOT NULL,
  type text NOT NULL CHECK (type IN ('list.entry', 'action.lift')),
  -- Whether measures end by it: its acknowledgement is followed.
  ends boolean NOT NULL,
  list_code text NOT NULL,
  kind "char" NOT NULL CONSTRAINT no_person_is_pushed CHECK (kind IN ('o', 'b', 'i')),
  region text,
  industry text,
  origin text,
  body jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX push_event_listing ON xh.push_event (listing_id, event_id);
CREATE INDEX push_event_at ON xh.push_event (at);

-- What was last told of each listing.
CREATE TABLE xh.push_known (
  listing_id bigint PRIMARY KEY,
  event_id bigint NOT NULL,
  announced boolean NOT NULL,
  entry jsonb NOT NULL,
  until date
);
CREATE INDEX push_known_until ON xh.push_known (until) WHERE announced;

-- ── to whom ──────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.push_subscription (
  subscription_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  public_id text NOT NULL UNIQUE CHECK (public_id ~ '^[A-Za-z0-9_-]{22}$'),
  name text NOT NULL,
  unit_id integer NOT NULL REFERENCES xh.unit,
  client_id integer NOT NULL REFERENCES xh.client,
  lists text[] NOT NULL CHECK (cardinality(lists) > 0),
  -- Beginnings of division codes (GB/T 2260) and of trades (GB/T 4754); none: all.
  regions text[] NOT NULL,
  industries text[] NOT NULL,
  delivery text NOT NULL CHECK (delivery IN ('webhook', 'pull', 'exchange')),
  url text,
  -- By which name the receiver knows us; to a partner city, the code of our client there.
  known_as text NOT NULL DEFAULT 'xinheng' CHECK (known_as ~ '^[a-z][a-z0-9-]{2,39}$'),
  agreement text,
  state text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'stopped')),
  approval_id bigint NOT NULL UNIQUE REFERENCES xh.approval,
  created_at timestamptz NOT NULL DEFAULT now(),
  stopped_reason text,
  -- Everything up to this event is done with: acknowledged, or on the desk.
  position bigint NOT NULL,
  -- Events before it are not this subscription's.
  starts_after bigint NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  -- Since when the receiver cannot be reached; then it is only looked for, and nothing becomes a dead letter.
  silent_since timestamptz,
  last_fault text,
  CHECK ((delivery = 'pull') = (url IS NULL)),
  CHECK ((delivery = 'exchange') = (agreement IS NOT NULL))
);

-- What became of a message at a subscriber; no row: it waits for its first try.
CREATE TABLE xh.push_receipt (
  subscription_id integer NOT NULL REFERENCES xh.push_subscription,
  event_id bigint NOT NULL REFERENCES xh.push_event,
  unit_id integer NOT NULL,
  state text NOT NULL CHECK (state IN ('tried', 'acknowledged', 'dead', 'again', 'setAside')),
  tries integer NOT NULL DEFAULT 0,
  fault text,
  first_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  acknowledged_at timestamptz,
  decided_by text,
  reason text,
  PRIMARY KEY (subscription_id, event_id),
  CHECK ((state = 'acknowledged') = (acknowledged_at IS NOT NULL)),
  CHECK (state <> 'setAside' OR reason <> '')
);
CREATE INDEX push_receipt_desk ON xh.push_receipt (subscription_id, event_id) WHERE state IN ('dead', 'again');

-- ── recognition between cities ───────────────────────────────────────────────────────────────────────────────
-- The version of an agreement that governs on a day.
CREATE FUNCTION xh.agreement_on(of_code text, on_day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT body FROM xh.policy_version
   WHERE kind = 'agreement' AND code = of_code AND in_force_from <= on_day
   ORDER BY version DESC LIMIT 1
$$;

-- Whether an entry of a list may count here on a day because of an agreement with the city that it comes from.
CREATE FUNCTION xh.agreement_covers(of_code text, of_list text, of_region text, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT (a ->> 'from')::date <= on_day AND (a ->> 'until' IS NULL OR (a ->> 'until')::date >= on_day)
       AND a -> 'lists' ? of_list
       AND EXISTS (SELECT FROM jsonb_array_elements(a -> 'parties') p WHERE p ->> 'region' = of_region)
      FROM xh.agreement_on(of_code, on_day) a), false)
$$;

-- Our own region by an agreement: the party that has no client here.
CREATE FUNCTION xh.home_region(of_code text, on_day date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT p ->> 'region' FROM jsonb_array_elements(xh.agreement_on(of_code, on_day) -> 'parties') p WHERE NOT p ? 'client' LIMIT 1
$$;

-- Whether a message is a subscription's.
CREATE FUNCTION xh.is_subscribed(s xh.push_subscription, e xh.push_event) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT e.event_id > s.starts_after AND e.list_code = ANY (s.lists)
     AND (s.regions = '{}' OR EXISTS (SELECT FROM unnest(s.regions) r WHERE starts_with(e.region, r)))
     AND (s.industries = '{}' OR EXISTS (SELECT FROM unnest(s.industries) i WHERE starts_with(e.industry, i)))
     -- Another city's entries are not ours to hand on to a third, and ours go out while the agreement covers them.
     AND (s.delivery <> 'exchange' OR (e.origin IS NULL
          AND xh.agreement_covers(s.agreement, e.list_code, xh.home_region(s.agreement, xh.today()), xh.today())))
$$;

-- The last day through which an agreement covers a list without a gap, NULL where no end is known.
-- @returns the day before on_day where it does not cover it at all
CREATE FUNCTION xh.agreement_until(of_code text, of_list text, of_region text, on_day date) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE day date := on_day; version_until date; next_from date;
BEGIN
  LOOP
    IF NOT xh.agreement_covers(of_code, of_list, of_region, day) THEN RETURN day - 1; END IF;
    version_until := (xh.agreement_on(of_code, day) ->> 'until')::date;
    SELECT min(in_force_from) INTO next_from FROM xh.policy_version WHERE kind = 'agreement' AND code = of_code AND in_force_from > day;
    IF next_from IS NULL OR version_until < next_from THEN RETURN version_until; END IF;
    day := next_from;
  END LOOP;
END $$;

-- Entries of other cities as they last told of them. What counts is the listing: this is what it says beside dates.
CREATE TABLE xh.foreign_entry (
  foreign_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  listing_id bigint NOT NULL UNIQUE REFERENCES xh.listing,
  client_id integer NOT NULL REFERENCES xh.client,
  origin text NOT NULL,
  agreement text NOT NULL,
  list_code text NOT NULL,
  uscc text NOT NULL CHECK (uscc ~ '^[0-9A-HJ-NP-RTUWXY]{18}$'),
  document_number text NOT NULL,
  -- By the numbers of the sender's subscription: what is older does nothing.
  subscription text NOT NULL,
  sequence bigint NOT NULL,
  stands boolean NOT NULL,
  ended_by text,
  entry jsonb NOT NULL,
  UNIQUE (origin, list_code, uscc, document_number)
);

CREATE TABLE xh.exchange_message (
  client_id integer NOT NULL REFERENCES xh.client,
  message_id text NOT NULL CHECK (message_id ~ '^[A-Za-z0-9_-]{16,64}$'),
  subscription text NOT NULL,
  sequence bigint NOT NULL,
  -- Which entry it is about: list, document, code.
  entry text NOT NULL,
  type text NOT NULL,
  -- As it came and was signed: evidence.
  body jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (client_id, message_id)
);

CREATE INDEX exchange_message_entry ON xh.exchange_message (client_id, subscription, entry, sequence);

-- What checks ask of an agreement: a row for each text of it, by code and version, from its release to its replacement.
CREATE FUNCTION xh.recognise() RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE v record; label text; term daterange; changed integer := 0; n integer;
BEGIN
  FOR v IN
    SELECT p.code, p.version, p.body, greatest((p.body ->> 'from')::date, p.in_force_from) AS first, (p.body ->> 'until')::date AS last,
           (SELECT min(q.in_force_from) FROM xh.policy_version q
             WHERE q.kind = p.kind AND q.code = p.code AND q.version > p.version) AS replaced_on
      FROM xh.policy_version p WHERE p.kind = 'agreement'
  LOOP
    label := v.code || '/' || v.version;
    -- What another text replaces today has ended now; what one replaces later lasts until the day before.
    IF v.replaced_on <= xh.today() THEN
      UPDATE xh.recognition_agreement SET ended = pg_current_xact_id() WHERE agreement = label AND ended IS NULL;
    ELSE
      term := CASE WHEN v.first <= least(v.last, v.replaced_on - 1) OR least(v.last, v.replaced_on - 1) IS NULL
                   THEN daterange(v.first, least(v.last, v.replaced_on - 1), '[]') ELSE 'empty' END;
      IF isempty(term) THEN
        UPDATE xh.recognition_agreement SET ended = pg_current_xact_id() WHERE agreement = label AND ended IS NULL;
      ELSE
        INSERT INTO xh.recognition_agreement AS a (agreement, city, document, lists, in_force)
        SELECT label, string_agg(p ->> 'name', '、'), v.body ->> 'document', ARRAY(SELECT jsonb_array_elements_text(v.body -> 'lists')), term
          FROM jsonb_array_elements(v.body -> 'parties') p WHERE p ? 'client'
        HAVING count(*) > 0
        ON CONFLICT (agreement) DO UPDATE SET in_force = EXCLUDED.in_force WHERE a.in_force <> EXCLUDED.in_force;
      END IF;
    END IF;
    GET DIAGNOSTICS n = ROW_COUNT;
    changed := changed + n;
  END LOOP;
  IF changed > 0 THEN PERFORM xh.joint_action_changed(); END IF;
  RETURN changed;
END $$;

-- Makes listings say what foreign entries and agreements say together, and tells whoever listens.
CREATE FUNCTION xh.stand_foreign(of_agreement text, of_foreign bigint) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE written integer;
BEGIN
  -- For one entry the agreements are as they are.
  IF of_foreign IS NULL THEN PERFORM xh.recognise(); END IF;
  WITH believed AS (
    SELECT f.listing_id, f.agreement || '/' || coalesce(xh.agreement_on(f.agreement, xh.today()) ->> 'version', '0') AS agreement, f.stands AND xh.agreement_covers(f.agreement, f.list_code, f.origin, xh.today()) AS in_force,
           least((f.entry ->> 'termEnd')::date, xh.agreement_until(f.agreement, f.list_code, f.origin, xh.today())) AS until,
           f.entry #>> '{subject,name}' AS name, (f.entry ->> 'listedOn')::date AS listed_on
      FROM xh.foreign_entry f
     WHERE (of_agreement IS NULL OR f.agreement = of_agreement) AND (of_foreign IS NULL OR f.foreign_id = of_foreign)),
  changing AS (
    SELECT b.* FROM believed b JOIN xh.listing l USING (listing_id)
     WHERE (l.in_force, l.until, l.name, l.listed_on, l.agreement) IS DISTINCT FROM (b.in_force, b.until, b.name, b.listed_on, b.agreement)),
  before AS (
    INSERT INTO xh.listing_version
    SELECT l.*, l.changed_at, now(), pg_current_xact_id() FROM xh.listing l JOIN changing c USING (listing_id)
     WHERE l.changed <> pg_current_xact_id())
  UPDATE xh.listing l
     SET in_force = c.in_force, until = c.until, name = c.name, listed_on = c.listed_on, agreement = c.agreement, changed = pg_current_xact_id(), changed_at = now()
    FROM changing c WHERE l.listing_id = c.listing_id;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written > 0 THEN PERFORM pg_notify('xh_listing', ''); END IF;
  RETURN written;
END $$;

-- Takes one entry of a partner city: the only door by which one gets in. Who may is checked before; what may never be
-- is refused here as well.
-- @returns the entry's number; 0 where a later message about it came before
CREATE FUNCTION xh.receive_foreign(of_client integer, of_origin text, of_agreement text, of_list text, of_kind text, of_entry jsonb,
    of_subscription text, of_sequence bigint, of_stands boolean, of_ended_by text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE f xh.foreign_entry; listing bigint; number smallint; code text; document text;
BEGIN
  IF of_kind NOT IN ('o', 'b', 'i') THEN RAISE EXCEPTION 'no person comes from elsewhere' USING ERRCODE = 'XH409'; END IF;
  code := of_entry #>> '{subject,uscc}';
  document := coalesce(of_entry ->> 'docNo', '');
  PERFORM pg_advisory_xact_lock(7261018, hashtext(of_origin || '|' || of_list || '|' || code || '|' || document));
  SELECT * INTO f FROM xh.foreign_entry WHERE origin = of_origin AND list_code = of_list AND uscc = code AND document_number = document;
  IF f.foreign_id IS NULL THEN
    -- Its end may have come before it.
    IF NOT of_stands OR EXISTS (SELECT FROM xh.exchange_message WHERE client_id = of_client AND subscription = of_subscription
                                   AND entry = of_list || '|' || document || '|' || code AND sequence > of_sequence) THEN RETURN 0; END IF;
    IF NOT xh.agreement_covers(of_agreement, of_list, of_origin, xh.today()) THEN
      RAISE EXCEPTION 'no agreement covers it' USING ERRCODE = 'XH409';
    END IF;
    SELECT item INTO number FROM xh.list_item WHERE list_code = of_list;
    INSERT INTO xh.listing (list_code, item, kind, uscc, name, document_number, listed_on, until, in_force, origin, agreement)
      VALUES (of_list, number, of_kind::"char", code, of_entry #>> '{subject,name}', nullif(document, ''), (of_entry ->> 'listedOn')::date,
              (of_entry ->> 'termEnd')::date, false, of_origin, of_agreement)
      RETURNING listing_id INTO listing;
    INSERT INTO xh.foreign_entry (listing_id, client_id, origin, agreement, list_code, uscc, document_number, subscription, sequence, stands, ended_by, entry)
      VALUES (listing, of_client, of_origin, of_agreement, of_list, code, document, of_subscription, of_sequence, of_stands, of_ended_by, of_entry)
      RETURNING * INTO f;
  ELSE
    -- An entry is its sender's: nobody else changes it.
    IF f.client_id <> of_client THEN RAISE EXCEPTION 'another platform’s entry' USING ERRCODE = 'XH409'; END IF;
    IF f.subscription = of_subscription AND f.sequence >= of_sequence THEN RETURN 0; END IF;
    UPDATE xh.foreign_entry SET subscription = of_subscription, sequence = of_sequence, stands = of_stands,
           ended_by = CASE WHEN of_stands THEN NULL WHEN stands THEN of_ended_by ELSE ended_by END, agreement = of_agreement,
           entry = CASE WHEN of_stands THEN of_entry ELSE entry END
     WHERE foreign_id = f.foreign_id;
  END IF;
  PERFORM xh.stand_foreign(NULL, f.foreign_id);
  RETURN f.foreign_id;
END $$;

-- ── pages of other systems ───────────────────────────────────────────────────────────────────────────────────
-- Origins to which the result of a check may be handed by the panel.
CREATE TABLE xh.widget_origin (
  origin_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id integer NOT NULL REFERENCES xh.unit,
  origin text NOT NULL CHECK (origin ~ '^https?://[a-z0-9.:\[\]-]+$'),
  approval_id bigint NOT NULL UNIQUE REFERENCES xh.approval,
  registered_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz
);
CREATE UNIQUE INDEX widget_origin_live ON xh.widget_origin (unit_id, origin) WHERE ended_at IS NULL;

-- ── walls and rights ─────────────────────────────────────────────────────────────────────────────────────────
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['push_event', 'push_subscription', 'push_receipt', 'foreign_entry', 'exchange_message', 'widget_origin'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true) WITH CHECK (true)', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['push_subscription', 'push_receipt', 'widget_origin'] LOOP
    EXECUTE format($p$CREATE POLICY own ON xh.%I TO xh_app
      USING (unit_id = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre')
      WITH CHECK (unit_id = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre')$p$, t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['push_event', 'foreign_entry', 'exchange_message'] LOOP
    EXECUTE format('CREATE POLICY acting ON xh.%I TO xh_app USING ((SELECT xh.actor_duty()) IS NOT NULL) WITH CHECK ((SELECT xh.actor_duty()) IS NOT NULL)', t);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION xh.recognise(), xh.stand_foreign(text, bigint), xh.receive_foreign(integer, text, text, text, text, jsonb, text, bigint, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.stand_foreign(text, bigint) TO xh_job, xh_app;
GRANT EXECUTE ON FUNCTION xh.receive_foreign(integer, text, text, text, text, jsonb, text, bigint, boolean, text) TO xh_app;
GRANT SELECT, INSERT, UPDATE ON xh.push_cursor, xh.push_known TO xh_job;
GRANT SELECT, INSERT ON xh.push_event TO xh_job;
GRANT SELECT ON xh.push_event TO xh_app;
GRANT SELECT, UPDATE (position, tries, next_at, silent_since, last_fault) ON xh.push_subscription TO xh_job;
GRANT SELECT, INSERT ON xh.push_subscription TO xh_app;
GRANT UPDATE (state, stopped_reason, position, next_at, tries, silent_since, url) ON xh.push_subscription TO xh_app;
GRANT SELECT, INSERT, UPDATE ON xh.push_receipt TO xh_job, xh_app;
GRANT SELECT ON xh.foreign_entry TO xh_app, xh_job;
GRANT SELECT, INSERT ON xh.exchange_message TO xh_app;
GRANT SELECT ON xh.exchange_message TO xh_job;
GRANT SELECT, INSERT ON xh.widget_origin TO xh_app;
GRANT UPDATE (ended_at) ON xh.widget_origin TO xh_app;
