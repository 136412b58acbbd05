-- The ledger bound to the records: an entry of a delivery's part holds the digest of every tuple that it wrote.
-- Breaks nothing: no new table.

-- What the inbox refuses is refused where an entry is made, and the sequencer takes whatever lies there: a third of
-- the entry's own cost was these two checks.
ALTER TABLE xh.ledger_inbox DROP CONSTRAINT entry_is_bounded, DROP CONSTRAINT ledger_inbox_by_right_check;

-- The verifier reads a delivery's tuples, current and earlier.
CREATE INDEX record_version_delivery ON xh.record_version USING brin (delivery_id);

-- As before, and the kind of its subject comes with a new state: its content lies in the order of that kind's fields.
CREATE OR REPLACE FUNCTION xh.supersede(succession boolean) RETURNS integer
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
         item_version = c.item_version, subject_kind = c.subject_kind, withdrawn = c.withdrawn, hold = c.hold, amount_fen = c.amount_fen,
         document_number = c.document_number, content = c.content, inner_content = c.inner_content
    FROM staged c
   WHERE r.subject_id = c.subject_id AND r.item = c.item AND r.key = c.key;
  GET DIAGNOSTICS changed = ROW_COUNT;
  DELETE FROM xh.change WHERE loader = pg_backend_pid();
  RETURN changed;
END $$;
