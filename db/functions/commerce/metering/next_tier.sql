-- The first tier above this one that allows more than so many of what a column of subscription_plans limits.
CREATE OR REPLACE FUNCTION next_tier(current_tier text, figure text, allowed bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('tier', above.tier, 'limit', (to_jsonb(above) ->> figure)::bigint)
  FROM subscription_plans mine
  JOIN subscription_plans above ON above.price > mine.price
  WHERE mine.tier = current_tier AND (to_jsonb(above) ->> figure)::bigint > allowed
  ORDER BY above.price
  LIMIT 1
$$;
