-- Entries of several organisations in one look: checks that travel together are read together.
-- Breaks nothing: no new table.
CREATE FUNCTION xh.listings_of_organisations(of_codes text[]) RETURNS TABLE (asked text, entry xh.listing)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  SELECT c.code, l FROM unnest(of_codes) AS c (code)
    JOIN xh.listing l ON l.uscc = c.code AND l.kind <> 'p' AND l.in_force
   WHERE xh.actor_duty() IS NOT NULL
  UNION ALL
  SELECT c.code, l FROM unnest(of_codes) AS c (code)
    JOIN xh.listing l ON l.other_codes @> ARRAY[c.code] AND l.uscc IS DISTINCT FROM c.code AND l.kind <> 'p' AND l.in_force
   WHERE xh.actor_duty() IS NOT NULL
$$;
REVOKE ALL ON FUNCTION xh.listings_of_organisations(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.listings_of_organisations(text[]) TO xh_app, xh_job;
DROP FUNCTION xh.organisation_listings(text);
