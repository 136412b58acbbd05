-- Why a published fact was taken back is said in public (行政处罚法 Art. 48): for revoked, changed and unlawful decisions,
-- at the fact's own address alone, without its content and without whom it was about.
-- Breaks nothing: one view.
CREATE VIEW xh.public_withdrawal AS
  SELECT w.subject_id, w.item, w.key, w.reason, w.ground, w.source_unit,
         (w.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS withdrawn_on
    FROM xh.withdrawal w
    JOIN xh.record r ON r.subject_id = w.subject_id AND r.item = w.item AND r.key = w.key
   WHERE w.state = 'confirmed' AND w.reason IN ('revoked', 'changed', 'heldUnlawful')
     AND r.withdrawn IN ('v', 'c') AND r.subject_kind <> 'p'
     -- What the public never saw needs no word, and the word ends when the fact would have ended.
     AND r.public_from <= (w.hidden_at AT TIME ZONE 'Asia/Shanghai')::date
     AND (r.public_until IS NULL OR r.public_until >= xh.today());
GRANT SELECT ON xh.public_withdrawal TO xh_portal;
