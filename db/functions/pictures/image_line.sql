-- A generation's place in the line of the whole platform: how many wait before it, how many are in progress, and the seconds that the last
-- ones of its model took. Numbers alone, for anyone who waits; the rows of others are not seen.
CREATE OR REPLACE FUNCTION image_line(image uuid, created timestamptz, named text)
RETURNS TABLE (before integer, running integer, seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT
    (SELECT count(*) FROM images i
      WHERE i.ended_at IS NULL AND i.status = 'queued' AND (i.created_at, i.id) < (created, image))::integer,
    (SELECT count(*) FROM images i WHERE i.ended_at IS NULL AND i.status <> 'queued' AND i.id <> image)::integer,
    (SELECT avg(extract(epoch FROM l.ended_at - l.submitted_at))::double precision FROM (
      SELECT i.ended_at, i.submitted_at FROM images i
      WHERE i.model = named AND i.status = 'done' AND NOT i.late ORDER BY i.ended_at DESC LIMIT 20) l)
$$;

REVOKE EXECUTE ON FUNCTION image_line(uuid, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION image_line(uuid, timestamptz, text) TO pandect_tenant, pandect_platform;
