-- Ends the API keys of a person who confirms an address, resets a password or becomes an administrator. The login that does it may see no keys, so a
-- function of the owner does; row-level security does not hold the owner.
CREATE OR REPLACE FUNCTION revoke_keys_of(person uuid) RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH revoked AS (
    UPDATE api_keys SET revoked_at = now()
    WHERE user_id = person AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) RETURNING 1
  )
  SELECT count(*)::integer FROM revoked
$$;

REVOKE EXECUTE ON FUNCTION revoke_keys_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION revoke_keys_of(uuid) TO pandect_identity, pandect_platform;
