-- The centre at work: merges of subjects that can be taken back, work queues, complaints about a fact's form, drafts of
-- the catalogue and their trials, announcements, announced years, data keys.
-- Breaks nothing: subject_alias was empty until now.
--
-- kind: subject_merge local
-- kind: work_claim local
-- kind: complaint local
-- kind: policy_draft local
-- kind: policy_trial local
-- kind: announcement local
-- kind: announced_year reference

-- Who proposed and who approved: what two persons do happens through doors that ask for the approval itself.
CREATE FUNCTION xh.two_persons(of_approval bigint, of_kind text, OUT proposer text, OUT approver text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  SELECT p.login, a.login INTO proposer, approver
    FROM xh.approval x JOIN xh.account p ON p.account_id = x.proposer JOIN xh.account a ON a.account_id = x.approver
   WHERE x.approval_id = of_approval AND x.kind = of_kind AND x.state = 'approved' AND x.proposer <> x.approver;
  IF proposer IS NULL THEN RAISE EXCEPTION 'two persons are needed' USING ERRCODE = 'XH403'; END IF;
END $$;

-- ── merging subjects ─────────────────────────────────────────────────────────────────────────────────────────
-- What was merged, by whom, on what ground, and when it was taken back. Both are organisations of one kind: a person
-- is never merged, as a person is known by a document's number and by that alone.
CREATE TABLE xh.subject_merge (
  merge_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kept bigint NOT NULL,
  merged bigint NOT NULL,
  kind "char" NOT NULL,
  ground text NOT NULL CHECK (ground <> ''),
  evidence jsonb NOT NULL,
  approval_id bigint NOT NULL UNIQUE REFERENCES xh.approval,
  proposed_by text NOT NULL,
  approved_by text NOT NULL,
  merged_at timestamptz NOT NULL DEFAULT now(),
  undone_approval_id bigint UNIQUE REFERENCES xh.approval,
  undone_ground text,
  undone_proposed_by text,
  undone_by text,
  undone_at timestamptz,
  CONSTRAINT no_person_is_merged CHECK (kind IN ('o', 'b', 'i')),
  CONSTRAINT two_subjects CHECK (kept <> merged),
  CONSTRAINT two_persons CHECK (proposed_by <> approved_by AND undone_proposed_by <> undone_by),
  CONSTRAINT undone_whole CHECK (num_nulls(undone_approval_id, undone_ground, undone_proposed_by, undone_by, undone_at) IN (0, 5))
);
CREATE UNIQUE INDEX subject_merge_standing ON xh.subject_merge (merged) WHERE undone_at IS NULL;
CREATE INDEX subject_merge_kept ON xh.subject_merge (kept);

-- What readers follow: every merged subject with the one that it stands for at last, whose name and code it bears.
ALTER TABLE xh.subject_alias
  ADD COLUMN kind "char" NOT NULL,
  ADD COLUMN name text NOT NULL,
  ADD COLUMN uscc text,
  ADD CONSTRAINT no_person_is_merged CHECK (kind IN ('o', 'b', 'i'));
CREATE INDEX subject_alias_stands_for ON xh.subject_alias (stands_for);
CREATE VIEW xh.public_alias AS SELECT subject_id, stands_for, name, uscc FROM xh.subject_alias;

-- Writes subject_alias anew from the merges that stand: chains end at the last subject, so that readers take one step.
CREATE FUNCTION xh.renew_aliases() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE standing ON COMMIT DROP AS
    WITH RECURSIVE up AS (
      SELECT merged AS subject_id, kept AS at, kind FROM xh.subject_merge WHERE undone_at IS NULL
      UNION ALL
      SELECT up.subject_id, m.kept, up.kind
        FROM up JOIN xh.subject_merge m ON m.merged = up.at AND m.undone_at IS NULL)
    SELECT up.subject_id, up.at AS stands_for, up.kind FROM up
     WHERE NOT EXISTS (SELECT FROM xh.subject_merge m WHERE m.merged = up.at AND m.undone_at IS NULL);
  DELETE FROM xh.subject_alias a
   WHERE NOT EXISTS (SELECT FROM standing s WHERE s.subject_id = a.subject_id AND s.stands_for = a.stands_for);
  INSERT INTO xh.subject_alias (subject_id, stands_for, kind, name, uscc)
  SELECT s.subject_id, s.stands_for, s.kind, k.name,
         (SELECT n.uscc FROM xh.subject_name n WHERE n.subject_id = s.stands_for AND n.current LIMIT 1)
    FROM standing s JOIN xh.subject_organisation k ON k.subject_id = s.stands_for
   WHERE NOT EXISTS (SELECT FROM xh.subject_alias a WHERE a.subject_id = s.subject_id);
  DROP TABLE standing;
END $$;

-- Makes two subjects one: everything of the second is shown under the first, and nothing moves.
-- @returns the merge's number
CREATE FUNCTION xh.merge_subjects(of_approval bigint, of_kept bigint, of_merged bigint, of_ground text, of_evidence jsonb)
  RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE kept_kind "char"; merged_kind "char"; number bigint; who record;
BEGIN
  who := xh.two_persons(of_approval, 'subject.merge');
  PERFORM pg_advisory_xact_lock(7261006);
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
  RETURN number;
END $$;

-- Takes a merge back: each subject has its own again.
CREATE FUNCTION xh.undo_merge(of_approval bigint, of_merge bigint, of_ground text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE who record;
BEGIN
  who := xh.two_persons(of_approval, 'subject.split');
  PERFORM pg_advisory_xact_lock(7261006);
  UPDATE xh.subject_merge
     SET undone_approval_id = of_approval, undone_ground = of_ground, undone_proposed_by = who.proposer,
         undone_by = who.approver, undone_at = now()
   WHERE merge_id = of_merge AND undone_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM xh.renew_aliases();
  RETURN true;
END $$;

-- As before; a merged subject bears the new name of the one that it stands for.
CREATE OR REPLACE FUNCTION xh.rename(renamed bigint, new_name text, comparable_name text, code text, name_initials text, name_grams integer[])
  RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp
BEGIN ATOMIC
  UPDATE xh.subject_name SET current = false WHERE subject_id = renamed AND current;
  INSERT INTO xh.subject_name (subject_id, name, comparable, current, uscc, initials, grams)
    VALUES (renamed, new_name, comparable_name, true, code, name_initials, name_grams)
    ON CONFLICT (subject_id, comparable) DO UPDATE SET current = true, name = EXCLUDED.name;
  UPDATE xh.subject SET name = new_name, registered = true WHERE subject_id = renamed AND kind <> 'p';
  UPDATE xh.subject_alias SET name = new_name, uscc = coalesce(code, uscc) WHERE stands_for = renamed;
END;

-- ── work queues ──────────────────────────────────────────────────────────────────────────────────────────────
-- Who has taken which work. The work itself stands where it arose: a waiting row, a held fact, a complaint.
CREATE TABLE xh.work_claim (
  queue text NOT NULL CHECK (queue IN ('review', 'held', 'complaint')),
  object text NOT NULL,
  account_id text NOT NULL,
  account_name text NOT NULL,
  given_by text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (queue, object)
);
-- Facts that are held back from the public, oldest first.
CREATE INDEX record_held ON xh.record (recorded_from) WHERE hold IS NOT NULL AND withdrawn IS NULL;

-- What anyone says of a fact's form: a wrong character, a broken link, the wrong organisation. Text and contact are
-- encrypted; nothing about who wrote it is kept beside them.
CREATE TABLE xh.complaint (
  complaint_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- What the writer keeps, to read the answer: 80 random bits.
  ticket text NOT NULL UNIQUE,
  fact text NOT NULL,
  item smallint NOT NULL,
  source_unit integer NOT NULL,
  about text NOT NULL CHECK (about IN ('name', 'content', 'day', 'subject', 'duplicate', 'other')),
  text_secret bytea NOT NULL,
  contact_secret bytea,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'mended', 'unfounded', 'elsewhere')),
  answer text,
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT decided_whole CHECK ((state = 'open') = (decided_at IS NULL) AND (state = 'open') = (answer IS NULL))
);
CREATE INDEX complaint_open ON xh.complaint (created_at) WHERE state = 'open';

-- ── the catalogue ────────────────────────────────────────────────────────────────────────────────────────────
-- A released version keeps the file that it is.
ALTER TABLE xh.policy_version
  ADD COLUMN source text,
  ADD COLUMN approval_id bigint UNIQUE,
  ADD COLUMN proposed_by text,
  ADD COLUMN approved_by text,
  ADD CONSTRAINT two_persons CHECK (proposed_by <> approved_by);

-- What is being written, or was laid into the policy folder and waits for two signatures.
CREATE TABLE xh.policy_draft (
  draft_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z-]{1,30}$'),
  code text NOT NULL,
  version integer NOT NULL,
  origin text NOT NULL CHECK (origin IN ('console', 'folder')),
  source text NOT NULL,
  hash text NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'proposed', 'released', 'discarded')),
  approval_id bigint,
  written_by text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX policy_draft_from_folder ON xh.policy_draft (kind, code, version, hash) WHERE origin = 'folder';

-- A draft tried on past deliveries. The result holds delivered rows: encrypted.
CREATE TABLE xh.policy_trial (
  trial_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  draft_id bigint NOT NULL REFERENCES xh.policy_draft,
  hash text NOT NULL,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
  progress real NOT NULL DEFAULT 0,
  result_secret bytea,
  fault text,
  asked_by text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz
);
CREATE INDEX policy_trial_of ON xh.policy_trial (draft_id, trial_id);

-- Enters a version; for a new item its leaves are made. A version never changes: the primary key refuses a second one.
CREATE FUNCTION xh.release_policy(of_approval bigint, of_kind text, of_code text, of_version integer, of_hash text,
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
END $$;

-- ── announcements, holidays ──────────────────────────────────────────────────────────────────────────────────
CREATE TABLE xh.announcement (
  announcement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
  body text NOT NULL CHECK (length(body) BETWEEN 1 AND 5000),
  audience text NOT NULL CHECK (audience IN ('console', 'portal', 'both')),
  shown_from date NOT NULL,
  shown_until date NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'proposed', 'approved', 'withdrawn')),
  approval_id bigint UNIQUE REFERENCES xh.approval,
  written_by text NOT NULL,
  approved_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT shown_for_a_while CHECK (shown_until >= shown_from),
  CONSTRAINT approved_by_somebody CHECK (state <> 'approved' OR approved_by IS NOT NULL)
);
CREATE VIEW xh.public_announcement AS
  SELECT announcement_id, title, body, shown_from, shown_until FROM xh.announcement
   WHERE state = 'approved' AND audience IN ('portal', 'both') AND xh.today() BETWEEN shown_from AND shown_until;

-- What was approved is shown; it can be withdrawn, and not be changed.
CREATE FUNCTION xh.publish_announcement(of_approval bigint, of_announcement bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE who record;
BEGIN
  who := xh.two_persons(of_approval, 'announcement.publish');
  -- The words that were approved, whatever stands in the row.
  UPDATE xh.announcement n
     SET state = 'approved', approved_by = who.approver, title = x.payload::jsonb ->> 'title', body = x.payload::jsonb ->> 'body'
    FROM xh.approval x
   WHERE x.approval_id = of_approval AND n.announcement_id = of_announcement AND n.state = 'proposed' AND n.approval_id = of_approval;
  RETURN FOUND;
END $$;

-- The State Council's notice for a year, as entered by two persons. A later notice for the same year replaces it.
CREATE TABLE xh.announced_year (
  year integer NOT NULL CHECK (year BETWEEN 2020 AND 2099),
  edition integer NOT NULL,
  document text NOT NULL CHECK (document <> ''),
  holidays date[] NOT NULL,
  make_up_days date[] NOT NULL,
  approval_id bigint NOT NULL UNIQUE,
  proposed_by text NOT NULL,
  approved_by text NOT NULL,
  entered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (year, edition),
  CONSTRAINT two_persons CHECK (proposed_by <> approved_by)
);

-- @returns the edition
CREATE FUNCTION xh.enter_year(of_approval bigint, of_year integer, of_document text, of_holidays date[], of_make_up_days date[])
  RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE who record; number integer;
BEGIN
  who := xh.two_persons(of_approval, 'calendar.enter');
  SELECT coalesce(max(edition), 0) + 1 INTO number FROM xh.announced_year WHERE year = of_year;
  INSERT INTO xh.announced_year (year, edition, document, holidays, make_up_days, approval_id, proposed_by, approved_by)
    VALUES (of_year, number, of_document, of_holidays, of_make_up_days, of_approval, who.proposer, who.approver);
  RETURN number;
END $$;

-- ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────
REVOKE ALL ON FUNCTION xh.two_persons(bigint, text), xh.renew_aliases(),
  xh.merge_subjects(bigint, bigint, bigint, text, jsonb), xh.undo_merge(bigint, bigint, text),
  xh.release_policy(bigint, text, text, integer, text, jsonb, date, text), xh.publish_announcement(bigint, bigint),
  xh.enter_year(bigint, integer, text, date[], date[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.merge_subjects(bigint, bigint, bigint, text, jsonb), xh.undo_merge(bigint, bigint, text),
  xh.release_policy(bigint, text, text, integer, text, jsonb, date, text), xh.publish_announcement(bigint, bigint),
  xh.enter_year(bigint, integer, text, date[], date[]) TO xh_app;
GRANT SELECT ON xh.public_alias, xh.public_announcement TO xh_portal, xh_app, xh_job;
GRANT SELECT ON xh.subject_merge TO xh_app, xh_job;
GRANT SELECT, INSERT, UPDATE, DELETE ON xh.work_claim TO xh_app;
GRANT SELECT ON xh.work_claim TO xh_job;
-- The portal takes complaints and shows their answer, and can read no other.
GRANT INSERT (ticket, fact, item, source_unit, about, text_secret, contact_secret) ON xh.complaint TO xh_portal;
GRANT SELECT (ticket, fact, state, answer, created_at, decided_at) ON xh.complaint TO xh_portal;
GRANT SELECT ON xh.complaint TO xh_app, xh_job;
GRANT UPDATE (state, answer, decided_by, decided_at) ON xh.complaint TO xh_app;
GRANT SELECT, INSERT, UPDATE ON xh.policy_draft, xh.policy_trial TO xh_app;
GRANT SELECT ON xh.announcement, xh.announced_year TO xh_app;
GRANT INSERT (title, body, audience, shown_from, shown_until, written_by) ON xh.announcement TO xh_app;
GRANT UPDATE (title, body, audience, shown_from, shown_until, state, approval_id) ON xh.announcement TO xh_app;
GRANT SELECT ON xh.announced_year TO xh_job, xh_load, xh_portal;

-- Only the centre's people work here; a department sees what concerns its own facts.
ALTER TABLE xh.work_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE xh.complaint ENABLE ROW LEVEL SECURITY;
ALTER TABLE xh.policy_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE xh.policy_trial ENABLE ROW LEVEL SECURITY;
ALTER TABLE xh.announcement ENABLE ROW LEVEL SECURITY;
-- Everyone signed in reads what is shown; the centre writes. What was approved is withdrawn or stays as it is.
CREATE POLICY shown ON xh.announcement FOR SELECT TO xh_app
  USING (state = 'approved' OR (SELECT xh.actor_duty()) = 'centre');
CREATE POLICY centre_writes ON xh.announcement FOR INSERT TO xh_app WITH CHECK ((SELECT xh.actor_duty()) = 'centre');
CREATE POLICY centre_changes ON xh.announcement FOR UPDATE TO xh_app
  USING ((SELECT xh.actor_duty()) = 'centre' AND state IN ('draft', 'proposed', 'approved'))
  WITH CHECK (state IN ('draft', 'proposed', 'withdrawn'));
CREATE POLICY centre ON xh.work_claim TO xh_app USING ((SELECT xh.actor_duty()) = 'centre');
CREATE POLICY own ON xh.complaint TO xh_app
  USING ((SELECT xh.actor_duty()) = 'centre' OR source_unit = (SELECT xh.actor_unit()));
CREATE POLICY anyone_writes ON xh.complaint FOR INSERT TO xh_portal WITH CHECK (state = 'open');
CREATE POLICY who_has_the_ticket ON xh.complaint FOR SELECT TO xh_portal USING (true);
CREATE POLICY job ON xh.complaint TO xh_job USING (true);
CREATE POLICY job ON xh.work_claim TO xh_job USING (true);
CREATE POLICY centre ON xh.policy_draft TO xh_app USING ((SELECT xh.actor_duty()) = 'centre');
CREATE POLICY centre ON xh.policy_trial TO xh_app USING ((SELECT xh.actor_duty()) = 'centre');
