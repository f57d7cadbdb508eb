-- Removes credits that were not used in time, with an entry for those of a wallet.
CREATE OR REPLACE FUNCTION expire_credits(moment timestamptz) RETURNS void LANGUAGE sql AS $$
  WITH gone AS (DELETE FROM unit_credits WHERE expires_at <= moment RETURNING *)
  INSERT INTO wallet_entries (organization_id, wallet_id, unit, reason, reference, nth, amount)
  SELECT g.organization_id, g.owner_id, g.unit, 'expiry', g.reference, 1 + (
      SELECT count(*) FROM wallet_entries e
      WHERE e.wallet_id = g.owner_id AND e.unit = g.unit AND e.reason = 'expiry' AND e.reference = g.reference), -g.amount
  FROM (SELECT *, to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS reference FROM gone) g
  WHERE g.owner_id <> g.organization_id AND g.amount > 0
$$;
