-- Search by name: indexes of subject_name, and the frequencies that tell the search where to begin.
-- Breaks nothing: no new table.
--
-- One inverted index answers parts of names, initials inside names and names with typing errors: subject_name.grams
-- holds pairs of characters, runs of four initials and the name's length as integers (packages/core/src/names/grams.ts).
-- It needs neither an extension nor a locale, and works on a distributed table as on one node.

-- New names gather in the pending list and are merged in order: a third of the cost of one by one. The list is kept
-- short, because every question reads it through; xh.refresh_grams() empties it after a big load.
CREATE INDEX subject_name_grams ON xh.subject_name USING gin (grams) WITH (fastupdate = on, gin_pending_list_limit = 4096);

-- Beginnings of names and of initials, the shortest name first. 80 is LONGEST_NAME of grams.ts.
CREATE INDEX subject_name_beginning ON xh.subject_name ((least(length(comparable), 80)), comparable);
CREATE INDEX subject_name_initials ON xh.subject_name ((least(length(comparable), 80)), initials);

-- Counts anew how many names hold each gram. Rare ones are left out: what is not here is rare. Gram 2031616
-- − 65536 = 1966080 (ALL_NAMES_GRAM) holds the number of all names. Reads every name: for a job, and after a big load.
-- @returns how many grams are counted
CREATE FUNCTION xh.refresh_grams() RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp SET work_mem = '64MB' AS $$
DECLARE counted integer;
BEGIN
  PERFORM pg_advisory_xact_lock(7261002);
  PERFORM gin_clean_pending_list('xh.subject_name_grams');
  DELETE FROM xh.gram;
  INSERT INTO xh.gram (gram, names)
    SELECT g, count(*) FROM xh.subject_name, unnest(grams) AS g GROUP BY g HAVING count(*) >= 32
    UNION ALL
    SELECT 1966080, count(*) FROM xh.subject_name;
  GET DIAGNOSTICS counted = ROW_COUNT;
  RETURN counted;
END $$;

REVOKE ALL ON FUNCTION xh.refresh_grams() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.refresh_grams() TO xh_job;
