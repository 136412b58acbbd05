-- The procedure by which an authority lists somebody, and takes them off: cases, their steps, statements, documents.
-- Breaks nothing: new tables.
--
-- kind: listing_case local
-- kind: listing_step local
-- kind: listing_statement local
-- kind: listing_document local
-- kind: document_counter local

-- `state` is what core/src/lists/procedure.ts makes of the steps; the columns beside it hold what may not be otherwise,
-- whatever program writes here.
CREATE TABLE xh.listing_case (
  case_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  list_code text NOT NULL,
  source_unit integer NOT NULL REFERENCES xh.unit,
  uscc text NOT NULL CHECK (length(uscc) = 18),
  subject_name text NOT NULL CHECK (subject_name <> ''),
  -- Organisations, public bodies and individual businesses: a person's listing is never begun here.
  subject_kind "char" NOT NULL CHECK (subject_kind IN ('o', 'b', 'i')),
  criterion text NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 2 AND 1000),
  facts text NOT NULL CHECK (length(facts) BETWEEN 2 AND 5000),
  basis text NOT NULL CHECK (length(btrim(basis)) >= 4),
  state jsonb NOT NULL,
  stage text NOT NULL CHECK (stage IN ('proposed', 'noticed', 'decisionProposed', 'decided', 'listed', 'delistingProposed',
    'delistingDecided', 'delisted', 'dropped')),
  due_step text,
  due_on date,
  approval bigint,
  proposed_by integer NOT NULL,
  served_on date,
  defence_until date,
  decision_proposed_by integer,
  decided_by integer,
  decided_on date,
  document_number text UNIQUE,
  term_end date,
  delisting_kind text CHECK (delisting_kind IN ('expired', 'repaired', 'revoked', 'deregistered')),
  delisting_ground text,
  delisting_proposed_by integer,
  delisting_decided_by integer,
  delisted_on date,
  delivery_id bigint,
  delisting_delivery_id bigint,
  -- Why the corridor did not take the fact, where it did not.
  problem text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT heard_before_decided CHECK (decided_by IS NULL OR (served_on IS NOT NULL AND defence_until > served_on AND decided_on > defence_until)),
  CONSTRAINT decided_by_another CHECK (decided_by IS NULL OR (decided_by <> proposed_by AND decided_by <> decision_proposed_by)),
  CONSTRAINT delisted_by_another CHECK (delisting_decided_by <> delisting_proposed_by),
  CONSTRAINT listed_by_decision CHECK (stage NOT IN ('decided', 'listed', 'delistingProposed', 'delistingDecided', 'delisted')
    OR (decided_by IS NOT NULL AND document_number IS NOT NULL)),
  CONSTRAINT delisted_by_decision CHECK (stage NOT IN ('delistingDecided', 'delisted') OR delisting_decided_by IS NOT NULL)
);
CREATE UNIQUE INDEX listing_case_standing ON xh.listing_case (list_code, uscc) WHERE stage NOT IN ('dropped', 'delisted');
CREATE INDEX listing_case_unit ON xh.listing_case (source_unit, case_id);
CREATE INDEX listing_case_due ON xh.listing_case (due_on) WHERE due_on IS NOT NULL;

CREATE TABLE xh.listing_step (
  step_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id integer NOT NULL REFERENCES xh.listing_case,
  act text NOT NULL,
  by_account integer,
  by_name text NOT NULL,
  on_day date NOT NULL,
  words text,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX listing_step_case ON xh.listing_step (case_id, step_id);

-- What the other side said: whoever spoke is a person, so that it is encrypted.
CREATE TABLE xh.listing_statement (
  statement_id uuid PRIMARY KEY,
  case_id integer NOT NULL REFERENCES xh.listing_case,
  received_on date NOT NULL,
  text_secret bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX listing_statement_case ON xh.listing_statement (case_id);

-- Documents as they were served: the digest of the file stands in the ledger.
CREATE TABLE xh.listing_document (
  document_id uuid PRIMARY KEY,
  case_id integer NOT NULL REFERENCES xh.listing_case,
  kind text NOT NULL CHECK (kind IN ('priorNotice', 'defenceRecord', 'listingDecision', 'repairNotice', 'delistingDecision')),
  number text NOT NULL UNIQUE,
  dated date NOT NULL,
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  content_secret bytea NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX listing_document_case ON xh.listing_document (case_id);

-- Numbers of documents, one row of numbers a word and year: without gaps, as they are taken in the document's transaction.
CREATE TABLE xh.document_counter (
  word text NOT NULL,
  year integer NOT NULL,
  last integer NOT NULL,
  PRIMARY KEY (word, year)
);

INSERT INTO xh.sealed_place (place, of_table, of_column, key_columns, bound_to) VALUES
  ('listing-statement', 'listing_statement', 'text_secret', '{statement_id}', $$'listing_statement‖text‖' || statement_id$$),
  ('listing-document', 'listing_document', 'content_secret', '{document_id}', $$'listing_document‖content‖' || document_id$$);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['listing_case', 'listing_step', 'listing_statement', 'listing_document'] LOOP
    EXECUTE format('ALTER TABLE xh.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY job ON xh.%I TO xh_job USING (true) WITH CHECK (true)', t);
  END LOOP;
  -- The authority acts in its own cases; the centre reads them.
  CREATE POLICY own ON xh.listing_case TO xh_app USING (source_unit = (SELECT xh.actor_unit()))
    WITH CHECK (source_unit = (SELECT xh.actor_unit()));
  CREATE POLICY centre ON xh.listing_case FOR SELECT TO xh_app USING ((SELECT xh.actor_duty()) = 'centre');
  FOREACH t IN ARRAY ARRAY['listing_step', 'listing_statement', 'listing_document'] LOOP
    EXECUTE format($p$CREATE POLICY own ON xh.%I FOR SELECT TO xh_app USING (
      EXISTS (SELECT FROM xh.listing_case c WHERE c.case_id = %I.case_id))$p$, t, t);
    EXECUTE format($p$CREATE POLICY written ON xh.%I FOR INSERT TO xh_app WITH CHECK (
      EXISTS (SELECT FROM xh.listing_case c WHERE c.case_id = %I.case_id AND c.source_unit = (SELECT xh.actor_unit())))$p$, t, t);
  END LOOP;
END $$;

-- What was done stays: steps, statements and documents are only ever added.
GRANT SELECT, INSERT, UPDATE ON xh.listing_case TO xh_app;
GRANT SELECT, INSERT ON xh.listing_step, xh.listing_statement, xh.listing_document TO xh_app;
GRANT SELECT, INSERT, UPDATE ON xh.document_counter TO xh_app;
GRANT SELECT, UPDATE ON xh.listing_case TO xh_job;
GRANT SELECT, INSERT ON xh.listing_step TO xh_job;
GRANT SELECT ON xh.listing_statement, xh.listing_document TO xh_job;
