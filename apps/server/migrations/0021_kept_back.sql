-- What the centre's reviewer keeps from the public, and why: the unit reads it and corrects its fact.
-- Breaks nothing: a new table.
-- kind: kept_back local

-- By the content that was judged: a corrected fact is looked at anew.
CREATE TABLE xh.kept_back (
  kept_back_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id bigint NOT NULL,
  item smallint NOT NULL,
  key uuid NOT NULL,
  content_hash uuid NOT NULL,
  source_unit integer NOT NULL REFERENCES xh.unit,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 2 AND 500),
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (subject_id, item, key, content_hash)
);

ALTER TABLE xh.kept_back ENABLE ROW LEVEL SECURITY;
CREATE POLICY job ON xh.kept_back TO xh_job USING (true);
CREATE POLICY seen ON xh.kept_back FOR SELECT TO xh_app
  USING (source_unit = (SELECT xh.actor_unit()) OR (SELECT xh.actor_duty()) = 'centre');
CREATE POLICY centre ON xh.kept_back FOR INSERT TO xh_app WITH CHECK ((SELECT xh.actor_duty()) = 'centre');
GRANT SELECT, INSERT ON xh.kept_back TO xh_app;
GRANT SELECT ON xh.kept_back TO xh_job;
