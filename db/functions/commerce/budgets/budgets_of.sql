-- Budgets that apply to an organization, to any of these keys or to any of these models, with the window that a moment lies in and what
-- is spent or held in it.
CREATE OR REPLACE FUNCTION budgets_of(organization uuid, keys uuid[], models text[], moment timestamptz)
RETURNS TABLE (budget budgets, start date, cost numeric, tokens bigint) LANGUAGE sql STABLE AS $$
  SELECT b, s.start, coalesce(c.spent_cost + c.held_cost, 0), coalesce(c.spent_tokens + c.held_tokens, 0)
  FROM budgets b
  CROSS JOIN LATERAL (SELECT budget_start(b."window", moment)) s(start)
  LEFT JOIN budget_counters c ON c.budget_id = b.id AND c.start = s.start
  WHERE b.organization_id = organization AND CASE b.scope
    WHEN 'organization' THEN true
    WHEN 'key' THEN b.scope_id = ANY (keys::text[])
    ELSE b.scope_id = ANY (models) END
$$;
