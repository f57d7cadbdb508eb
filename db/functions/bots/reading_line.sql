-- A reading's place in the line of a model over the whole platform: how many wait before it, and the seconds that the last readings by
-- that model took. Numbers alone, for anyone who waits; the rows of others are not seen. One that was not seen for a while waits no more.
CREATE OR REPLACE FUNCTION reading_line(reading uuid, queued timestamptz, named text)
RETURNS TABLE (before integer, seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT
    (SELECT count(*) FROM readings r
      WHERE r.target = named AND r.waiting_at > now() - interval '20 seconds' AND (r.queued_at, r.id) < (queued, reading))::integer,
    (SELECT avg(l.seconds)::double precision FROM (
      SELECT r.seconds FROM readings r
      WHERE r.target = named AND r.seconds IS NOT NULL ORDER BY r.queued_at DESC LIMIT 20) l)
$$;

REVOKE EXECUTE ON FUNCTION reading_line(uuid, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reading_line(uuid, timestamptz, text) TO pandect_tenant, pandect_platform;
