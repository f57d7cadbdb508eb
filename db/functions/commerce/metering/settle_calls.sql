-- Ends calls of the gateway: "settled" and "cached" charge what their attempts used, "released" gives all back but for that, "expired"
-- charges with what they held those whose time is over. All of it goes to the periods of the reservation. Doing it again changes
-- nothing; what expired and ends after all is charged with what it used instead. A call whose reservation was lost is charged by what
-- the caller knows of it. Returns the budgets that people are to be told of, as `change_budgets` does.
CREATE OR REPLACE FUNCTION settle_calls(organization uuid, calls jsonb, moment timestamptz DEFAULT now())
RETURNS jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  ids uuid[] := ARRAY(SELECT DISTINCT (c ->> 'id')::uuid FROM jsonb_array_elements(calls) c);
  expiring uuid[] := ARRAY(SELECT (c ->> 'id')::uuid FROM jsonb_array_elements(calls) c WHERE c ->> 'ending' = 'expired');
  known usage_reservations[];
  -- Place n is where row n of `known` is stored: the lock keeps it there.
  places tid[];
  removed usage_logs[];
  fresh usage_logs[];
  changes budget_counters[];
  told jsonb;
BEGIN
  PERFORM set_config('app.organization_id', organization::text, true);
  PERFORM FROM organizations WHERE id = organization FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  -- Only now: what was true before the lock may have changed while it was waited for.
  -- One by one, so that no statistics make it read all of an organization.
  SELECT coalesce(array_agg(e.stored ORDER BY e.place), '{}'), array_agg(e.place ORDER BY e.place) INTO known, places
  FROM unnest(ids) i(id)
  CROSS JOIN LATERAL (
    SELECT r AS stored, r.ctid AS place FROM usage_reservations r WHERE r.organization_id = organization AND r.request_id = i.id LIMIT 1
  ) e
  WHERE i.id <> ALL (expiring) OR (e.stored).state IN ('reserved', 'started') AND (e.stored).expires_at <= moment;
  IF cardinality(known) < cardinality(ids) OR EXISTS (SELECT FROM unnest(known) k WHERE k.state NOT IN ('reserved', 'started')) THEN
    SELECT array_agg(l) INTO removed FROM take_lost(calls) l;
  END IF;

  WITH ended AS (
    SELECT c.id, c.attempts, c.ending, k.cost, k.tokens, k.completion_tokens, k.model, k.attempts AS told,
      coalesce(k.user_id, c.person) AS person, coalesce(k.key_id, c.key) AS key, coalesce(k.action, c.action, 'gateway') AS action,
      coalesce(k.route, c.route) AS route, coalesce(k.created_at, c.at, moment) AS at
    FROM jsonb_to_recordset(calls) AS c(
      id uuid, ending text, person uuid, key uuid, action text, route text, at timestamptz, attempts jsonb)
    LEFT JOIN unnest(known) k ON k.request_id = c.id
    WHERE c.ending <> 'expired' OR k.request_id IS NOT NULL
  ), used AS (
    SELECT e.id, e.person, e.key, e.action, e.at, a.attempt, a.outcome, a.price AS model,
      a.input, a.output, a.cached, a."cacheWrite" AS cache_write, a.reasoning,
      coalesce(a.cost, (
        SELECT price_usage(p, a.input, a.cached, a."cacheWrite", a.output, a.reasoning, a.images, a.seconds,
          CASE WHEN a.outcome = 'failed' THEN 0 ELSE coalesce(a.requests, 1) END)
        FROM price_of(a.price, e.at, a.input) p), e.cost, 0) AS cost,
      jsonb_strip_nulls(jsonb_build_object('route', e.route)) || coalesce(a.about, '{}') AS about
    FROM ended e
    CROSS JOIN LATERAL jsonb_to_recordset(e.attempts) AS a(
      attempt integer, outcome text, price text, cost numeric, input bigint, cached bigint, "cacheWrite" bigint, output bigint,
      reasoning bigint, images bigint, seconds bigint, requests bigint, about jsonb)
    WHERE e.ending <> 'expired'
    UNION ALL
    SELECT e.id, e.person, e.key, e.action, e.at, e.told + 1, 'lost', e.model, e.tokens - e.completion_tokens, e.completion_tokens, 0, 0, 0, e.cost,
      jsonb_build_object('route', e.route, 'estimated', true)
    FROM ended e WHERE e.ending = 'expired'
  ), written AS (
    INSERT INTO usage_logs AS l (organization_id, user_id, key_id, action, request_id, attempt, outcome, model, prompt_tokens,
      completion_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, cost, metadata, created_at)
    -- Who asked may be gone by now.
    SELECT organization, (SELECT u.id FROM users u WHERE u.id = d.person), d.key, d.action, d.id, d.attempt, d.outcome, d.model, d.input,
      d.output, d.cached, d.cache_write, d.reasoning, d.cost, d.about, d.at
    FROM used d
    ON CONFLICT ON CONSTRAINT usage_logs_attempt DO NOTHING
    RETURNING l
  )
  SELECT array_agg(w.l) INTO fresh FROM written w;

  IF fresh IS NOT NULL OR removed IS NOT NULL THEN
    INSERT INTO usage_totals (organization_id, month, user_id, action, model, count, prompt_tokens, completion_tokens, cached_tokens, cost)
    SELECT organization, budget_start('month', s.created_at), s.user_id, s.action, s.model, sum(s.sign), sum(s.sign * s.prompt_tokens),
      sum(s.sign * s.completion_tokens), sum(s.sign * s.cached_tokens), sum(s.sign * s.cost)
    FROM (SELECT 1 AS sign, f.* FROM unnest(fresh) f UNION ALL SELECT -1, o.* FROM unnest(removed) o) s
    GROUP BY 2, 3, 4, 5 ORDER BY 2, 3, 4, 5
    ON CONFLICT ON CONSTRAINT usage_totals_key DO UPDATE SET
      count = usage_totals.count + excluded.count,
      prompt_tokens = usage_totals.prompt_tokens + excluded.prompt_tokens,
      completion_tokens = usage_totals.completion_tokens + excluded.completion_tokens,
      cached_tokens = usage_totals.cached_tokens + excluded.cached_tokens,
      cost = usage_totals.cost + excluded.cost;
    UPDATE organizations o SET tokens_used = o.tokens_used + s.tokens, ai_cost = o.ai_cost + s.cost
    FROM (
      SELECT sum(s.sign * (s.prompt_tokens + s.completion_tokens)) AS tokens, sum(s.sign * s.cost) AS cost
      FROM (SELECT 1 AS sign, f.* FROM unnest(fresh) f UNION ALL SELECT -1, o.* FROM unnest(removed) o) s
    ) s
    WHERE o.id = organization AND (s.tokens <> 0 OR s.cost <> 0);
  END IF;

  UPDATE token_counters t SET tokens = greatest(t.tokens + s.change, 0)
  FROM (
    SELECT n.name, k.minute, sum(coalesce(f.tokens, 0)
      - CASE WHEN k.state IN ('reserved', 'started') THEN k.tokens ELSE coalesce(o.tokens, 0) END) AS change
    FROM unnest(known) k
    LEFT JOIN (SELECT f.request_id, sum(f.prompt_tokens + f.completion_tokens) AS tokens FROM unnest(fresh) f GROUP BY 1) f
      ON f.request_id = k.request_id
    LEFT JOIN (SELECT o.request_id, sum(o.prompt_tokens + o.completion_tokens) AS tokens FROM unnest(removed) o GROUP BY 1) o
      ON o.request_id = k.request_id
    CROSS JOIN LATERAL (VALUES (k.channel), ('key/' || k.key_id)) n(name)
    GROUP BY 1, 2
  ) s
  WHERE t.organization_id = organization AND t.channel = s.name AND t.minute = s.minute AND s.change <> 0;

  IF EXISTS (SELECT FROM budgets b WHERE b.organization_id = organization) THEN
    SELECT array_agg(ROW(organization, s.budget, s.start, s.spent, s.held, s.spent_tokens, s.held_tokens)::budget_counters) INTO changes
    FROM (
      -- What was held is given back, ...
      SELECT h.budget, h.start, 0::numeric AS spent, -h.cost AS held, 0::bigint AS spent_tokens, -h.tokens AS held_tokens
      FROM unnest(known) k CROSS JOIN LATERAL jsonb_to_recordset(k.holds) AS h(budget uuid, start date, cost numeric, tokens bigint)
      WHERE k.state IN ('reserved', 'started')
      UNION ALL
      -- ... what was used is spent by whatever it counts for, ...
      SELECT b.id, budget_start(b."window", f.created_at), f.cost, 0, f.prompt_tokens + f.completion_tokens, 0
      FROM unnest(fresh) f JOIN budgets b ON b.organization_id = organization AND CASE b.scope
        WHEN 'organization' THEN true WHEN 'key' THEN b.scope_id = f.key_id::text ELSE b.scope_id = f.metadata ->> 'target' END
      WHERE f.outcome <> 'lost' AND (f.cost <> 0 OR f.prompt_tokens + f.completion_tokens <> 0)
      UNION ALL
      -- ... and what is lost by all that held it.
      SELECT h.budget, h.start, s.sign * h.cost, 0, s.sign * s.tokens, 0
      FROM (
        SELECT 1 AS sign, f.request_id, f.prompt_tokens + f.completion_tokens AS tokens FROM unnest(fresh) f WHERE f.outcome = 'lost'
        UNION ALL SELECT -1, o.request_id, o.prompt_tokens + o.completion_tokens FROM unnest(removed) o
      ) s
      JOIN unnest(known) k ON k.request_id = s.request_id
      CROSS JOIN LATERAL jsonb_to_recordset(k.holds) AS h(budget uuid, start date, cost numeric, tokens bigint)
    ) s;
    IF changes IS NOT NULL THEN told := change_budgets(organization, changes); END IF;
  END IF;

  UPDATE usage_reservations r SET
    state = CASE WHEN c.ending <> 'released' THEN 'settled'
      WHEN r.state IN ('reserved', 'started') OR c.removed THEN 'released'
      ELSE r.state END,
    attempts = greatest(r.attempts, c.attempt)
  FROM (
    SELECT DISTINCT ON (k.request_id) places[k.ordinality] AS place, c.ending, f.attempt, o.request_id IS NOT NULL AS removed
    FROM unnest(known) WITH ORDINALITY k
    JOIN jsonb_to_recordset(calls) AS c(id uuid, ending text) ON c.id = k.request_id
    LEFT JOIN (SELECT f.request_id, max(f.attempt) AS attempt FROM unnest(fresh) f GROUP BY 1) f ON f.request_id = k.request_id
    LEFT JOIN unnest(removed) o ON o.request_id = k.request_id
  ) c
  WHERE r.ctid = c.place;
  RETURN told;
END $$;
