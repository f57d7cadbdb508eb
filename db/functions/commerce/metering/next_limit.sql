-- The first tier above this one that allows more than so much of a unit in a period.
CREATE OR REPLACE FUNCTION next_limit(current_tier text, limited_unit text, limited_period text, allowed bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('tier', above.tier, 'limit', l.amount)
  FROM subscription_plans mine
  JOIN subscription_plans above ON above.price > mine.price
  JOIN plan_limits l ON l.tier = above.tier AND l.unit = limited_unit AND l.period = limited_period
  WHERE mine.tier = current_tier AND l.amount > allowed
  ORDER BY above.price
  LIMIT 1
$$;
