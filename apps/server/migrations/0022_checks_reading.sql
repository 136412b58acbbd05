-- Entries of an organisation by any of its codes, by their indexes: under row-level security a condition on an array is
-- asked of every row, and a check reads by it.
-- Breaks nothing: no new table.
CREATE FUNCTION xh.organisation_listings(of_code text) RETURNS SETOF xh.listing
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, xh, pg_temp AS $$
  SELECT * FROM xh.listing WHERE uscc = of_code AND kind <> 'p' AND in_force AND xh.actor_duty() IS NOT NULL
  UNION ALL
  SELECT * FROM xh.listing
   WHERE other_codes @> ARRAY[of_code] AND uscc IS DISTINCT FROM of_code AND kind <> 'p' AND in_force AND xh.actor_duty() IS NOT NULL
$$;
REVOKE ALL ON FUNCTION xh.organisation_listings(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xh.organisation_listings(text) TO xh_app, xh_job;
