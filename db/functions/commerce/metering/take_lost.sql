-- Removes what was charged for calls of the gateway as lost, so that they are charged with what they used: each from an attempt on.
-- Tenants may change nothing else that was charged, so a function of the owner does it; row-level security does not hold the owner.
CREATE OR REPLACE FUNCTION take_lost(calls jsonb) RETURNS SETOF usage_logs LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM usage_logs l
  USING jsonb_to_recordset(calls) AS c(id uuid, ending text, first integer)
  WHERE l.organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
    AND l.request_id = c.id AND l.outcome = 'lost' AND l.attempt >= c.first AND c.ending <> 'expired'
  RETURNING l.*
$$;

REVOKE EXECUTE ON FUNCTION take_lost(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_lost(jsonb) TO pandect_tenant, pandect_platform;
