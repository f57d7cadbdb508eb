-- Holds money and tokens of a request in every budget that it counts for: what the dearest of its targets may cost, and in the budget of a
-- model what that one may cost. Targets that some hard budget has no room for are left out; when none is left, the request is refused
-- and holds nothing. The organization's row must be locked.
CREATE OR REPLACE FUNCTION hold_budgets(organization uuid, key uuid, names text[], prices text[], prompt bigint, completion bigint,
  moment timestamptz, OUT refusal jsonb, OUT targets text[], OUT holds jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint := prompt + completion;
BEGIN
  IF NOT EXISTS (SELECT FROM budgets b WHERE b.organization_id = organization) THEN
    targets := names;
    RETURN;
  END IF;
  WITH own AS MATERIALIZED (
    SELECT (b.budget).*, b.start, b.cost, b.tokens FROM budgets_of(organization, ARRAY[key], names, moment) b
  ), asked AS MATERIALIZED (
    SELECT t.name, t.nth, token_cost(t.price, moment, prompt, completion, 0) AS cost
    FROM unnest(names, prices) WITH ORDINALITY t(name, price, nth)
  ), used_up AS (
    SELECT a.name, a.nth, o.id, o.scope, jsonb_build_object('scope', o.scope, 'scopeId', o.scope_id, 'window', o."window")
      || CASE WHEN o.cost + a.cost > o.limit_cost
        THEN jsonb_build_object('what', 'cost', 'limit', trim_scale(o.limit_cost)::text, 'used', trim_scale(o.cost)::text)
        ELSE jsonb_build_object('what', 'tokens', 'limit', o.limit_tokens::text, 'used', o.tokens::text) END AS figures
    FROM asked a JOIN own o ON o.hard AND (o.scope <> 'model' OR o.scope_id = a.name)
    WHERE o.cost + a.cost > o.limit_cost OR o.tokens + wanted > o.limit_tokens
  ), fitting AS (
    SELECT a.* FROM asked a WHERE a.name NOT IN (SELECT u.name FROM used_up u)
  )
  SELECT
    -- Another model may have room where only that of one is used up, so that what holds for all of them is named first.
    (SELECT u.figures FROM used_up u ORDER BY u.scope = 'model', u.nth, u.id LIMIT 1),
    (SELECT array_agg(f.name ORDER BY f.nth) FROM fitting f),
    (SELECT jsonb_agg(jsonb_build_object('budget', o.id, 'start', o.start, 'cost', m.cost::text, 'tokens', wanted) ORDER BY o.id)
     FROM own o
     CROSS JOIN LATERAL (SELECT max(f.cost) AS cost FROM fitting f WHERE o.scope <> 'model' OR o.scope_id = f.name) m
     WHERE m.cost IS NOT NULL)
  INTO refusal, targets, holds;
  IF targets IS NULL THEN RETURN; END IF;
  refusal := NULL;
  IF holds IS NULL THEN RETURN; END IF;
  PERFORM change_budgets(organization, array_agg(ROW(organization, h.budget, h.start, 0, h.cost, 0, h.tokens)::budget_counters))
  FROM jsonb_to_recordset(holds) AS h(budget uuid, start date, cost numeric, tokens bigint);
END $$;
