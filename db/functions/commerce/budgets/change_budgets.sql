-- Adds to what is spent and held of windows of budgets, in the order of their ids; those that are gone are left out. The organization's
-- row must be locked. Returns the budgets of which so much is spent for the first time that people are told: 80 or 100 percent.
CREATE OR REPLACE FUNCTION change_budgets(organization uuid, changes budget_counters[])
RETURNS jsonb LANGUAGE sql AS $$
  WITH summed AS (
    SELECT c.budget_id, c.start, sum(c.spent_cost) AS spent_cost, sum(c.held_cost) AS held_cost,
      sum(c.spent_tokens)::bigint AS spent_tokens, sum(c.held_tokens)::bigint AS held_tokens
    FROM unnest(changes) c
    GROUP BY 1, 2
  ), changed AS (
    INSERT INTO budget_counters AS k (organization_id, budget_id, start, spent_cost, held_cost, spent_tokens, held_tokens)
    SELECT organization, s.budget_id, s.start, greatest(s.spent_cost, 0), greatest(s.held_cost, 0),
      greatest(s.spent_tokens, 0), greatest(s.held_tokens, 0)
    FROM summed s JOIN budgets b ON b.id = s.budget_id
    ORDER BY s.budget_id, s.start
    ON CONFLICT (budget_id, start) DO UPDATE SET
      spent_cost = greatest(k.spent_cost + (SELECT s.spent_cost FROM summed s WHERE s.budget_id = k.budget_id AND s.start = k.start), 0),
      held_cost = greatest(k.held_cost + (SELECT s.held_cost FROM summed s WHERE s.budget_id = k.budget_id AND s.start = k.start), 0),
      spent_tokens = greatest(k.spent_tokens + (SELECT s.spent_tokens FROM summed s WHERE s.budget_id = k.budget_id AND s.start = k.start), 0),
      held_tokens = greatest(k.held_tokens + (SELECT s.held_tokens FROM summed s WHERE s.budget_id = k.budget_id AND s.start = k.start), 0)
    RETURNING k.*
  )
  SELECT jsonb_agg(jsonb_build_object('id', b.id, 'scope', b.scope, 'scopeId', b.scope_id, 'window', b."window", 'start', k.start,
    'what', f.what, 'used', f.used::text, 'limit', f."limit"::text))
  FROM changed k
  JOIN summed s ON s.budget_id = k.budget_id AND s.start = k.start
  JOIN budgets b ON b.id = k.budget_id
  CROSS JOIN LATERAL (VALUES
    ('cost', k.spent_cost, s.spent_cost, b.limit_cost), ('tokens', k.spent_tokens, s.spent_tokens, b.limit_tokens)
  ) f(what, used, change, "limit")
  WHERE f.used >= 0.8 * f."limit" AND f.used - f.change < 0.8 * f."limit" OR f.used >= f."limit" AND f.used - f.change < f."limit"
$$;
