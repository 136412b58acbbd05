-- Checks of applicants with their answers, what officers decided, what units did, and short keys for systems that ask often.
-- Breaks nothing: new tables.
--
-- kind: client_session_key local
-- kind: credit_check local
-- kind: check_decision local
-- kind: check_feedback local
-- kind: check_message local
-- kind: checked_person local
-- kind: screening_job local

-- ── keys of fifteen minutes ──────────────────────────────────────────────────────────────────────────────────
-- A client signs once for such a key; what follows carries an HMAC by it. It is bound to the signing key, the scopes and
-- the addresses as they were: when one of them changes, or the client ends, it is no key any more.
CREATE TABLE xh.client_session_key (
  key_id text PRIMARY KEY CHECK (key_id ~ '^s-[A-Za-z0-9_-]{22}$'),
  client_id integer NOT NULL REFERENCES xh.client,
  signing_key text NOT NULL,
  scopes text[] NOT NULL,
  addresses cidr[] NOT NULL,
  secret bytea NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '15 minutes',
  FOREIGN KEY (client_id, signing_key) REFERENCES xh.client_key (client_id, key_id),
  CONSTRAINT fifteen_minutes CHECK (expires_at <= issued_at + interval '15 minutes')
);
CREATE INDEX client_session_key_end ON xh.client_session_key (expires_at);

-- One way to the database and back: whether the key lives, and whether the nonce is new. What it writes is lost with a
-- crash of the last second at worst, and what a check writes has a key of its own against repetition.
CREATE FUNCTION xh.use_session_key(of_key text, of_nonce text, OUT live boolean, OUT fresh boolean)
  LANGUAGE plpgsql SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE of_client integer;
BEGIN
  SELECT k.client_id INTO of_client
    FROM xh.client_session_key k
    JOIN xh.client c ON c.client_id = k.client_id AND c.revoked_at IS NULL AND c.scopes = k.scopes AND c.addresses = k.addresses
    JOIN xh.client_key s ON s.client_id = k.client_id AND s.key_id = k.signing_key AND s.revoked_at IS NULL
    JOIN xh.account a ON a.account_id = k.client_id AND a.state = 'on'
   WHERE k.key_id = of_key AND k.expires_at > now();
  live := FOUND;
  fresh := false;
  IF live THEN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO xh.client_nonce (client_id, nonce) VALUES (of_client, of_nonce) ON CONFLICT DO NOTHING;
    fresh := FOUND;
  END IF;
END $$;

-- 300 checks a second are 18,000 a minute.
ALTER TABLE xh.client DROP CONSTRAINT IF EXISTS client_requests_a_minute_check;
ALTER TABLE xh.client ADD CONSTRAINT client_requests_a_minute_check CHECK (requests_a_minute BETWEEN 1 AND 100000);

-- ── checks ───────────────────────────────────────────────────────────────────────────────────────────────────
-- A row is written once, with its answer, by the transaction that looked. Of a person there is a keyed hash to find them
-- by, and what is sealed; never a number, never a name.
CREATE TABLE xh.credit_check (
  check_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Opaque, 100 random bits: by it the answer is looked up.
  number text NOT NULL UNIQUE CHECK (number ~ '^[0-9A-HJKMNP-TV-Z]{20}$'),
  asked_by integer NOT NULL REFERENCES xh.account,
  unit_id integer NOT NULL,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 8 AND 128),
  request_digest bytea NOT NULL CHECK (octet_length(request_digest) = 32),
  matter_id integer NOT NULL,
  applicant_kind "char" NOT NULL CHECK (applicant_kind IN ('o', 'i', 'p')),
  uscc text,
  applicant_name text,
  person text,
  applicant_secret bytea,
  purpose text NOT NULL CHECK (length(purpose) BETWEEN 2 AND 200),
  case_number text NOT NULL CHECK (length(case_number) BETWEEN 1 AND 100),
  officer text,
  consent text,
  consent_until date,
  duty_law text,
  duty_article text,
  result text NOT NULL CHECK (result IN ('clear', 'remind', 'warn', 'intercept', 'reward', 'toBeDecidedByAnOfficer')),
  -- As it was given, to the letter; sealed where it speaks of a person.
  answer text,
  answer_secret bytea,
  -- The names of the versions that judged: subscriptions, measures, lists.
  basis jsonb NOT NULL,
  day date NOT NULL,
  -- Exactly what was visible of the lists.
  snapshot pg_snapshot NOT NULL,
  asked_at timestamptz NOT NULL,
  valid_until timestamptz NOT NULL,
  -- SHA-256 of the token in the applicant's link.
  notice bytea,
  feedback_due date,
  CONSTRAINT ones_own_matter FOREIGN KEY (matter_id, unit_id) REFERENCES xh.matter (matter_id, unit_id),
  CONSTRAINT asked_once UNIQUE (asked_by, idempotency_key),
  CONSTRAINT only_organisations_are_intercepted
    CHECK (result <> 'intercept' OR (applicant_kind = 'o' AND uscc IS NOT NULL)),
  CONSTRAINT a_person_is_a_hash CHECK (CASE WHEN applicant_kind = 'p'
    THEN person IS NOT NULL AND applicant_secret IS NOT NULL AND uscc IS NULL AND applicant_name IS NULL
     AND answer IS NULL AND answer_secret IS NOT NULL
    ELSE person IS NULL AND applicant_secret IS NULL AND uscc IS NOT NULL AND applicant_name IS NOT NULL
     AND answer IS NOT NULL AND answer_secret IS NULL END),
  CONSTRAINT a_person_by_consent_or_law CHECK (applicant_kind <> 'p'
    OR (length(btrim(coalesce(consent, ''))) >= 4 AND consent_until >= day)
    OR (length(btrim(coalesce(duty_law, ''))) >= 2 AND length(btrim(coalesce(duty_article, ''))) >= 2)),
  CONSTRAINT fed_back_unless_clear CHECK ((result = 'clear') = (feedback_due IS NULL))
);
CREATE INDEX credit_check_unit ON xh.credit_check (unit_id, check_id);
CREATE INDEX credit_check_open ON xh.credit_check (unit_id, check_id) WHERE result IN ('intercept', 'toBeDecidedByAnOfficer');
CREATE INDEX credit_check_due ON xh.credit_check (feedback_due) WHERE feedback_due IS NOT NULL;
CREATE INDEX credit_check_matter ON xh.credit_check (matter_id, check_id);
CREATE INDEX credit_check_uscc ON xh.credit_check (uscc, check_id) WHERE uscc IS NOT NULL;
CREATE INDEX credit_check_person ON xh.credit_check (person) WHERE person IS NOT NULL;
CREATE INDEX credit_check_asked ON xh.credit_check USING brin (asked_at);
CREATE UNIQUE INDEX credit_check_notice ON xh.credit_check (notice) WHERE notice IS NOT NULL;

-- What an officer decided of an intercept, or of what is theirs to decide. Overriding an intercept takes a second person.
CREATE TABLE xh.check_decision (
  check_id bigint PRIMARY KEY REFERENCES xh.credit_check,
  unit_id integer NOT NULL,
  decision text NOT NULL CHECK (decision IN ('kept', 'overridden', 'applied', 'notApplied')),
  reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 2 AND 1000),
  decided_by text NOT NULL,
  decided_account integer NOT NULL REFERENCES xh.account,
  confirmed_by text,
  approval_id bigint UNIQUE REFERENCES xh.approval,
  decided_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT two_persons_override CHECK ((decision = 'overridden') = (approval_id IS NOT NULL)
    AND (decision = 'overridden') = (confirmed_by IS NOT NULL) AND confirmed_by <> decided_by)
);

-- What the unit did. A correction is a further row: nothing is written over.
CREATE TABLE xh.check_feedback (
  feedback_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  check_id bigint NOT NULL REFERENCES xh.credit_check,
  unit_id integer NOT NULL,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 8 AND 128),
  request_digest bytea NOT NULL,
  applied text NOT NULL CHECK (applied IN ('yes', 'no', 'partly')),
  effect text NOT NULL CHECK (effect IN ('拦截', '放行', '提示', '激励')),
  measure text REFERENCES xh.measure_code,
  done text NOT NULL CHECK (length(btrim(done)) BETWEEN 2 AND 1000),
  done_on date NOT NULL,
  not_applied_reason text,
  -- What an incentive really gave.
  granted text,
  document text,
  given_by text NOT NULL,
  given_account integer NOT NULL REFERENCES xh.account,
  given_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT given_once UNIQUE (given_account, idempotency_key),
  CONSTRAINT explained CHECK (applied = 'yes' OR length(btrim(coalesce(not_applied_reason, ''))) >= 2),
  CONSTRAINT grants_are_named CHECK (effect <> '激励' OR applied = 'no' OR length(btrim(coalesce(granted, ''))) >= 2)
);
CREATE INDEX check_feedback_check ON xh.check_feedback (check_id);
CREATE INDEX check_feedback_unit ON xh.check_feedback (unit_id, feedback_id);

-- What an officer tells an applicant who is a natural person; nothing else of their check is ever shown.
CREATE TABLE xh.check_message (
  check_id bigint PRIMARY KEY REFERENCES xh.credit_check,
  unit_id integer NOT NULL,
  text_secret bytea NOT NULL,
  told_by text NOT NULL,
  told_at timestamptz NOT NULL DEFAULT now()
);

-- A person who was asked about and of whom the platform holds nothing: so that they too can see who asked.
CREATE SEQUENCE xh.checked_person_number AS bigint;
CREATE TABLE xh.checked_person (
  person text PRIMARY KEY,
  -- Below nought: no subject's number.
  subject_id bigint NOT NULL UNIQUE CHECK (subject_id < 0) DEFAULT (-nextval('xh.checked_person_number'))
);

-- A file of applicants. It lies encrypted in the data folder and goes with its answers.
CREATE TABLE xh.screening_job (
  job_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  unit_id integer NOT NULL,
  account_id integer NOT NULL REFERENCES xh.account,
  matter_id integer NOT NULL REFERENCES xh.matter,
  purpose text NOT NULL,
  case_number text NOT NULL,
  file_name text NOT NULL,
  rows integer NOT NULL DEFAULT 0,
  done integer NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
  fault text,
  counts jsonb NOT NULL DEFAULT '{}',
  result_secret bytea,
  begun_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz
);
CREATE INDEX screening_job_unit ON xh.screening_job (unit_id, begun_at);

INSERT INTO xh.sealed_place (place, of_table, of_column, key_columns, bound_to) VALUES
  ('session-key', 'client_session_key', 'secret', '{key_id}', $$'client_session_key‖secret‖' || key_id$$),
  ('check-applicant', 'credit_check', 'applicant_secret', '{check_id}', $$'credit_check‖applicant‖' || number$$),
  ('check-answer', 'credit_check', 'answer_secret', '{check_id}', $$'credit_check‖answer‖' || number$$),
  ('check-message', 'check_message', 'text_secret', '{check_id}', $$'check_message‖text_secret‖' || check_id$$),
  ('screening-result', 'screening_job', 'result_secret', '{job_id}', $$'screening_job‖result‖' || job_id$$);

-- ── doors ────────────────────────────────────────────────────────────────────────────────────────────────────
-- The tag of a person for the ledger: their own subject, else a number that stands for nothing else.
CREATE FUNCTION xh.person_number(of_person text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE found_one bigint;
BEGIN
  SELECT subject_id INTO found_one FROM xh.identifier WHERE type = 'p' AND value = of_person;
  IF found_one IS NULL THEN
    INSERT INTO xh.checked_person (person) VALUES (of_person) ON CONFLICT DO NOTHING;
    SELECT subject_id INTO found_one FROM xh.checked_person WHERE person = of_person;
  END IF;
  RETURN found_one;
END $$;

-- What stood of a person in a snapshot: for the answer given again. Only within the unit that asked.
CREATE FUNCTION xh.person_listings_as_seen(of_check bigint) RETURNS SETOF xh.listing
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  WITH asked AS (SELECT * FROM xh.credit_check c WHERE c.check_id = of_check AND c.person IS NOT NULL
                    AND (c.unit_id = xh.actor_unit() OR session_user = 'xh_job'))
  SELECT l.* FROM asked c JOIN xh.listing l ON l.person = c.person AND pg_visible_in_snapshot(l.changed, c.snapshot)
   WHERE l.in_force AND l.listed_on <= c.day AND (l.until IS NULL OR l.until >= c.day)
  UNION ALL
  SELECT v.listing_id, v.list_code, v.item, v.subject_id, v.key, v.kind, v.uscc, v.other_codes, v.person, v.name, v.region,
         v.authority_unit, v.document_number, v.listed_on, v.until, v.in_force, v.origin, v.agreement, v.changed, v.changed_at
    FROM asked c JOIN xh.listing_version v ON v.person = c.person
     AND pg_visible_in_snapshot(v.changed, c.snapshot) AND NOT pg_visible_in_snapshot(v.replaced, c.snapshot)
   WHERE v.in_force AND v.listed_on <= c.day AND (v.until IS NULL OR v.until >= c.day)
$$;

-- An intercept is lifted as two persons of the unit agreed.
CREATE FUNCTION xh.override_intercept(of_approval bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE who record;
BEGIN
  who := xh.two_persons(of_approval, 'check.override');
  INSERT INTO xh.check_decision (check_id, unit_id, decision, reason, decided_by, decided_account, confirmed_by, approval_id)
  SELECT c.check_id, c.unit_id, 'overridden', x.reason, who.proposer, x.proposer, who.approver, of_approval
    FROM xh.approval x JOIN xh.credit_check c ON c.number = x.payload::jsonb ->> 'number' AND c.unit_id = x.unit_id
   WHERE x.approval_id = of_approval AND c.result = 'intercept'
  ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- ── walls and grants ─────────────────────────────────────────────────────────────────────────────────────────
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['credit_check', 'check_decision', 'check_feedback', 'check_message', 'screening_job'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY written ON xh.%I FOR INSERT TO xh_app WITH CHECK (unit_id = (SELECT xh.actor_unit()))', t);
  END LOOP;
  -- The centre supervises organisations' checks; of persons it learns that there was one, from the counts.
  FOREACH t IN ARRAY ARRAY['credit_check', 'check_decision', 'check_feedback'] LOOP
    EXECUTE format($p$CREATE POLICY seen ON xh.%I FOR SELECT TO xh_app USING (
      unit_id = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre')$p$, t);
  END LOOP;
  CREATE POLICY no_person_for_the_centre ON xh.credit_check AS RESTRICTIVE FOR SELECT TO xh_app USING (
    applicant_kind <> 'p' OR unit_id = (SELECT xh.actor_unit()));
  CREATE POLICY seen ON xh.check_message FOR SELECT TO xh_app USING (unit_id = (SELECT xh.actor_unit()));
  CREATE POLICY seen ON xh.screening_job FOR SELECT TO xh_app USING (unit_id = (SELECT xh.actor_unit()));
  CREATE POLICY moved ON xh.screening_job FOR UPDATE TO xh_app USING (unit_id = (SELECT xh.actor_unit()));
  -- One's own name, on a check as on a decision and on feedback.
  CREATE POLICY in_ones_own_name ON xh.credit_check AS RESTRICTIVE FOR INSERT TO xh_app
    WITH CHECK (asked_by = (SELECT xh.actor_account()) AND day = (SELECT xh.today()));
  CREATE POLICY in_ones_own_name ON xh.check_decision AS RESTRICTIVE FOR INSERT TO xh_app
    WITH CHECK (decided_account = (SELECT xh.actor_account()) AND (SELECT xh.actor_duty()) = 'department');
  CREATE POLICY in_ones_own_name ON xh.check_feedback AS RESTRICTIVE FOR INSERT TO xh_app
    WITH CHECK (given_account = (SELECT xh.actor_account()));
END $$;

-- The applicant's page: by the token, and nothing but what it shows.
CREATE FUNCTION xh.check_notice(token_digest bytea)
  RETURNS TABLE (check_id bigint, number text, applicant_kind "char", answer text, matter text, unit text, asked_at timestamptz,
                 decision text, decided_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  SELECT c.check_id, c.number, c.applicant_kind, c.answer, m.name, u.name, c.asked_at, d.decision, d.decided_at
    FROM xh.credit_check c JOIN xh.matter m USING (matter_id) JOIN xh.unit u ON u.unit_id = c.unit_id
    LEFT JOIN xh.check_decision d USING (check_id)
   WHERE c.notice = token_digest
$$;
CREATE FUNCTION xh.check_notice_message(token_digest bytea) RETURNS TABLE (check_id bigint, text_secret bytea, told_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  SELECT c.check_id, m.text_secret, m.told_at FROM xh.credit_check c JOIN xh.check_message m USING (check_id) WHERE c.notice = token_digest
$$;

REVOKE ALL ON FUNCTION xh.use_session_key(text, text), xh.person_number(text), xh.person_listings_as_seen(bigint),
  xh.override_intercept(bigint), xh.check_notice(bytea), xh.check_notice_message(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.use_session_key(text, text) TO xh_access;
GRANT EXECUTE ON FUNCTION xh.person_number(text), xh.person_listings_as_seen(bigint), xh.override_intercept(bigint) TO xh_app;
GRANT EXECUTE ON FUNCTION xh.person_listings_as_seen(bigint) TO xh_job;
GRANT EXECUTE ON FUNCTION xh.check_notice(bytea), xh.check_notice_message(bytea) TO xh_portal;

GRANT SELECT, INSERT, DELETE ON xh.client_session_key TO xh_access;
GRANT SELECT, INSERT ON xh.credit_check, xh.check_decision, xh.check_feedback, xh.check_message TO xh_app;
GRANT SELECT, INSERT ON xh.screening_job TO xh_app;
GRANT UPDATE (rows, done, state, fault, counts, result_secret, done_at) ON xh.screening_job TO xh_app;
GRANT SELECT ON xh.credit_check, xh.check_decision, xh.check_feedback, xh.screening_job, xh.checked_person TO xh_job;
GRANT UPDATE (state, fault, done_at), DELETE ON xh.screening_job TO xh_job;
GRANT SELECT, INSERT ON xh.supervision_event TO xh_job;
