-- The ledger: entries ordered into a Merkle tree (RFC 9162), signed heads, and apart from them what can be erased.
-- Breaks nothing: ledger_inbox gains columns that have defaults or may be empty.
--
-- kind: ledger_log local
-- kind: ledger_leaf local
-- kind: ledger_detail local
-- kind: ledger_subtree local
-- kind: ledger_head local
-- kind: ledger_key local
-- kind: ledger_person local

-- ── the inbox: written by the act's own transaction, in any order ────────────────────────────────────────────
ALTER TABLE xh.ledger_inbox
  ADD COLUMN account integer,
  ADD COLUMN person text,
  ADD COLUMN by_right text NOT NULL DEFAULT 'duty' CHECK (by_right IN ('law', 'consent', 'duty')),
  ADD COLUMN approval text,
  ADD COLUMN origin text,
  ADD COLUMN secret bytea,
  -- The sequencer works in bounded pieces: no entry is larger than a piece.
  ADD CONSTRAINT entry_is_bounded CHECK (pg_column_size(detail) + coalesce(octet_length(secret), 0) < 1048576);
-- Most rows live for a second: what is dead is cleaned away early, and little is read through.
ALTER TABLE xh.ledger_inbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- ── the tree ─────────────────────────────────────────────────────────────────────────────────────────────────
-- Which ledger this is: the first line of every head.
CREATE TABLE xh.ledger_log (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  origin text NOT NULL
);
INSERT INTO xh.ledger_log (origin) VALUES ('xinheng-ledger/' || gen_random_uuid());

-- Entries in their one order. `hash` is that of the leaf, made over the canonical JSON of the other columns.
CREATE TABLE xh.ledger_leaf (
  seq bigint PRIMARY KEY CHECK (seq >= 0),
  entry_id bigint NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  xact xid8 NOT NULL,
  unit integer,
  actor text NOT NULL,
  account integer,
  duty text NOT NULL,
  act text NOT NULL,
  object text,
  person text,
  by_right text NOT NULL,
  result text,
  request text,
  build text,
  approval text,
  commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX ledger_leaf_object ON xh.ledger_leaf (object, seq) WHERE object IS NOT NULL;
CREATE INDEX ledger_leaf_person ON xh.ledger_leaf (person, seq) WHERE person IS NOT NULL;
CREATE INDEX ledger_leaf_actor ON xh.ledger_leaf (actor, seq);
CREATE INDEX ledger_leaf_account ON xh.ledger_leaf (account, seq) WHERE account IS NOT NULL;
CREATE INDEX ledger_leaf_unit ON xh.ledger_leaf (unit, seq) WHERE unit IS NOT NULL;
CREATE INDEX ledger_leaf_act ON xh.ledger_leaf (act, seq);
CREATE INDEX ledger_leaf_hash ON xh.ledger_leaf USING hash (hash);
-- Entries lie nearly in the order of their time.
CREATE INDEX ledger_leaf_at ON xh.ledger_leaf USING brin (at);

-- What an entry commits to by HMAC(salt, detail), and what can be erased without touching the tree.
CREATE TABLE xh.ledger_detail (
  seq bigint PRIMARY KEY,
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  ground text,
  origin text,
  detail jsonb NOT NULL,
  secret bytea
);

-- Complete subtrees of every fourth level; what lies between is made of at most eight of them.
CREATE TABLE xh.ledger_subtree (
  level smallint NOT NULL CHECK (level > 0 AND level % 4 = 0),
  index bigint NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (level, index)
);

CREATE TABLE xh.ledger_head (
  head_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  size bigint NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  signed_at timestamptz NOT NULL,
  -- The signed note, as it is given out.
  note text NOT NULL
);
CREATE INDEX ledger_head_size ON xh.ledger_head (size);

-- Keys that sign heads, each from a size on. The change of a key is an entry as well.
CREATE TABLE xh.ledger_key (
  key text PRIMARY KEY,
  from_size bigint NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);

-- A person's own random key, encrypted: the tag on entries is HMAC(key, subject). Without it no tag leads to a person.
CREATE TABLE xh.ledger_person (
  subject_id bigint PRIMARY KEY,
  key_secret bytea NOT NULL
);

-- ── what the public sees ─────────────────────────────────────────────────────────────────────────────────────
CREATE VIEW xh.public_ledger_log AS SELECT origin FROM xh.ledger_log;
CREATE VIEW xh.public_ledger_leaf AS SELECT seq, hash FROM xh.ledger_leaf;
CREATE VIEW xh.public_ledger_subtree AS SELECT level, index, hash FROM xh.ledger_subtree;
CREATE VIEW xh.public_ledger_head AS SELECT head_id, size, root, signed_at, note FROM xh.ledger_head;
CREATE VIEW xh.public_ledger_key AS SELECT key, from_size, since FROM xh.ledger_key;

-- ── narrow doors ─────────────────────────────────────────────────────────────────────────────────────────────
-- Erases what an entry commits to; the entry and its proofs stay. The order for it is an entry of its own
-- (`ledger.erase`, object `entry:<seq>`), without which the verifier reports the detail as missing.
CREATE FUNCTION xh.ledger_erase(of_seq bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  DELETE FROM xh.ledger_detail WHERE seq = of_seq;
  RETURN FOUND;
END $$;

-- Erases a piece of the details that are older than the policy keeps them. Six months are the least, by
-- 网络安全法 Art. 21 and GB/T 22239, whatever the policy says. @returns the last entry of the piece, or null
CREATE FUNCTION xh.ledger_expire(before timestamptz, pieces integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
DECLARE last bigint;
BEGIN
  IF before > now() - interval '6 months' THEN
    RAISE EXCEPTION 'the ledger is kept for six months at least' USING ERRCODE = 'check_violation';
  END IF;
  WITH old AS (
    SELECT d.seq FROM xh.ledger_detail d JOIN xh.ledger_leaf l USING (seq)
     WHERE l.at < before ORDER BY d.seq LIMIT pieces),
  gone AS (DELETE FROM xh.ledger_detail d USING old WHERE d.seq = old.seq RETURNING d.seq)
  SELECT max(seq) INTO last FROM gone;
  RETURN last;
END $$;

-- Forgets a person: from now on no entry leads to them.
CREATE FUNCTION xh.ledger_forget(of_subject bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
BEGIN
  DELETE FROM xh.ledger_person WHERE subject_id = of_subject;
  RETURN FOUND;
END $$;

-- ── the second wall and the grants ───────────────────────────────────────────────────────────────────────────
-- Nobody updates, deletes or truncates history: no login is granted it, and the owner cannot log in.
ALTER TABLE xh.ledger_leaf ENABLE ROW LEVEL SECURITY;
ALTER TABLE xh.ledger_detail ENABLE ROW LEVEL SECURITY;
CREATE POLICY sequencer ON xh.ledger_leaf TO xh_ledger USING (true) WITH CHECK (true);
CREATE POLICY sequencer ON xh.ledger_detail TO xh_ledger USING (true) WITH CHECK (true);
-- Through the server only an auditor sees entries.
CREATE POLICY auditor ON xh.ledger_leaf FOR SELECT TO xh_app USING ((SELECT xh.actor_duty()) = 'audit');
CREATE POLICY auditor ON xh.ledger_detail FOR SELECT TO xh_app USING ((SELECT xh.actor_duty()) = 'audit');

GRANT INSERT (account, person, by_right, approval, origin, secret) ON xh.ledger_inbox
  TO xh_app, xh_load, xh_job, xh_portal, xh_access;
GRANT SELECT, INSERT ON xh.ledger_leaf, xh.ledger_detail, xh.ledger_subtree, xh.ledger_head, xh.ledger_key TO xh_ledger;
GRANT SELECT ON xh.ledger_log, xh.ledger_person TO xh_ledger;
GRANT SELECT ON xh.ledger_leaf, xh.ledger_detail TO xh_app;
GRANT SELECT, INSERT ON xh.ledger_person TO xh_app, xh_job, xh_load;
-- The sequencer's own acts (a new key, an expiry) go through the inbox as everybody's.
GRANT INSERT (actor, duty, unit, act, object, ground, result, request, build, detail, account, person, by_right, approval,
  origin, secret) ON xh.ledger_inbox TO xh_ledger;
GRANT SELECT ON xh.public_ledger_log, xh.public_ledger_leaf, xh.public_ledger_subtree, xh.public_ledger_head, xh.public_ledger_key
  TO xh_portal, xh_app, xh_job, xh_ledger;
REVOKE ALL ON FUNCTION xh.ledger_erase(bigint), xh.ledger_expire(timestamptz, integer), xh.ledger_forget(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.ledger_erase(bigint), xh.ledger_expire(timestamptz, integer), xh.ledger_forget(bigint)
  TO xh_ledger;
