-- Ends what ran out before this moment, at most so many, in the order in which organizations are locked.
CREATE OR REPLACE FUNCTION expire_units(moment timestamptz, most integer)
RETURNS TABLE (state text, requests bigint) LANGUAGE sql AS $$
  SELECT CASE WHEN due.route IS NULL THEN close_units(due.organization_id, due.request_id, 'expired', '[]', NULL, moment)
    ELSE expire_call(due.organization_id, due.request_id, moment) END AS state, count(*)
  FROM (
    SELECT organization_id, request_id, route FROM usage_reservations
    WHERE state IN ('reserved', 'started') AND expires_at <= moment
    ORDER BY organization_id, request_id
    LIMIT most
  ) due
  GROUP BY 1
$$;
