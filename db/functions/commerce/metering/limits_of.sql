-- What an owner may use: an organization by its plan, unless an override of its own still holds; a wallet by its own limits alone.
CREATE OR REPLACE FUNCTION limits_of(organization uuid, owner uuid, moment timestamptz)
RETURNS TABLE (unit text, period text, amount bigint) LANGUAGE sql STABLE AS $$
  SELECT coalesce(own.unit, plan.unit), coalesce(own.period, plan.period), coalesce(own.amount, plan.amount)
  FROM (
    SELECT p.unit, p.period, p.amount
    FROM organizations o JOIN plan_limits p ON p.tier = o.tier
    WHERE o.id = organization AND owner = organization
  ) plan
  FULL JOIN (
    SELECT l.unit, l.period, l.amount
    FROM owner_limits l
    WHERE l.organization_id = organization AND l.owner_id = owner AND (l.until IS NULL OR l.until > moment)
  ) own ON own.unit = plan.unit AND own.period = plan.period
$$;
