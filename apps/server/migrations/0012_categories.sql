-- Lists of permits and penalties by their kind: 许可类别, 处罚类别.
-- Breaks nothing: no new table; one index of what may be public, built once.
--
-- The kind lies in the fact's content, at a place that its item's version gives. xh.category reads it there; the index
-- holds what it reads, so that the loader writes nothing more than before.

-- Which kind or kinds a fact is of, joined by `；`, free text of 其他-… as 其他; NULL where its item has none.
-- xh.renew_categories writes this function anew whenever a version is entered; what it says of a version never changes.
CREATE FUNCTION xh.category(of_item smallint, of_version smallint, of_content text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT NULL::text $$;

-- The field is the one whose role is `category`; in versions older than the role, the one with a list of kinds. Counted
-- from the end of the public fields: the operator, whom facts of individual businesses leave out, stands before it.
CREATE FUNCTION xh.renew_categories() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $body$
DECLARE versions text;
BEGIN
  SELECT string_agg(format(
      'WHEN (%s * 32768 + %s) THEN CASE WHEN strpos(of_content, %3$L) = 0 THEN NULLIF(split_part(of_content, chr(31), -%4$s), %5$L) '
      'ELSE regexp_replace(split_part(of_content, chr(31), -%4$s), %6$L, %7$L, %8$L) END',
      (body ->> 'number')::integer, version, open, total - place + 1, '', open || '[^；]*', rtrim(open, '-'), 'g'), E'\n    ')
    INTO versions
    FROM (
      SELECT p.version, p.body, f.place, coalesce(f.field ->> 'openPrefix', '其他-') AS open,
             count(*) OVER (PARTITION BY p.code, p.version) AS total,
             coalesce(f.field ->> 'name' = p.body -> 'roles' ->> 'category',
                      f.field ->> 'list' IN ('permit-category', 'penalty-kind')) AS is_kind
        FROM xh.policy_version p,
             LATERAL (SELECT e.field, row_number() OVER (ORDER BY e.at) AS place
                        FROM jsonb_array_elements(p.body -> 'fields') WITH ORDINALITY AS e(field, at)
                       WHERE e.field ->> 'visibility' = 'public') f
       WHERE p.kind = 'item') fields
   WHERE is_kind;
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION xh.category(of_item smallint, of_version smallint, of_content text) RETURNS text
       LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$ SELECT %s $f$',
    CASE WHEN versions IS NULL THEN 'NULL::text'
         ELSE 'CASE of_item * 32768 + of_version ' || versions || ' END' END);
END $body$;

SELECT xh.renew_categories();

-- The kinds that facts fit for the public bear, of no subject and no day.
CREATE VIEW xh.public_category AS
  SELECT item, xh.category(item, item_version, content) AS category
    FROM xh.record
   WHERE public_from IS NOT NULL AND withdrawn IS NULL AND hold IS NULL AND subject_kind <> 'p'
     AND xh.category(item, item_version, content) IS NOT NULL;

CREATE INDEX record_category ON xh.record (xh.category(item, item_version, content), decided_on)
  WHERE public_from IS NOT NULL AND withdrawn IS NULL AND hold IS NULL
    AND xh.category(item, item_version, content) IS NOT NULL;

-- As before, and the kinds of the new version can be read.
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
END $$;

REVOKE ALL ON FUNCTION xh.renew_categories() FROM PUBLIC;
REVOKE ALL ON FUNCTION xh.category(smallint, smallint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.category(smallint, smallint, text) TO xh_app, xh_load, xh_portal, xh_job, xh_ledger;
GRANT SELECT ON xh.public_category TO xh_portal, xh_app, xh_job;
