-- Whether fewer than so many generations but this one are at a provider, over all organizations. The answer holds until
-- the end of the transaction, for others wait with the same question: who submits in it takes the place, and who ends it gives it back.
CREATE OR REPLACE FUNCTION has_image_place(image uuid, named text, most integer)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('image places ' || named, 0));
  -- Only now: what was true before the lock may have changed while it was waited for.
  RETURN (
    SELECT count(*) FROM images i
    WHERE i.ended_at IS NULL AND i.status IN ('submitting', 'waiting', 'running') AND i.provider = named AND i.id <> image) < most;
END $$;

REVOKE EXECUTE ON FUNCTION has_image_place(uuid, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION has_image_place(uuid, text, integer) TO pandect_tenant, pandect_platform;
