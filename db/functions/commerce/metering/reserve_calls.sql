-- Reserves tokens of the minute and money of budgets for calls of the gateway, in order, or refuses one and takes nothing for it. The
-- upstream is called at once, so that a call begins as started. Each target that every hard budget has room for may be asked, and the
-- price of the dearest is held. No one's time is trusted but the database's own, unless a moment is given.
-- To be called by itself: what it writes may be lost when the server dies at once, for settlement charges calls that it does not know.
CREATE OR REPLACE FUNCTION reserve_calls(organization uuid, calls jsonb, tokens_per_minute jsonb, given timestamptz DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  moment timestamptz := coalesce(given, now());
  this_minute timestamptz := date_trunc('minute', moment, 'UTC');
  suspended boolean;
  -- Known before the budgets are read: with subqueries as its arguments, `budgets_of` would be planned each time.
  keys uuid[] := ARRAY(SELECT DISTINCT (c ->> 'key')::uuid FROM jsonb_array_elements(calls) c);
  models text[] := ARRAY(SELECT DISTINCT t ->> 'target' FROM jsonb_array_elements(calls) c, jsonb_array_elements(c -> 'targets') t);
  -- Place n of each list is for one budget.
  own budgets[];
  starts date[];
  costs numeric[];
  tokens bigint[];
  minute_used jsonb;
  call record;
  decided usage_reservations%ROWTYPE;
  reserved usage_reservations[] := '{}';
  ids uuid[] := '{}';
  was_open boolean;
  wanted bigint;
  taken bigint;
  per_minute bigint;
  per_key bigint;
  spent bigint;
  spent_by_key bigint;
  key_name text;
  targets text[];
  refusal jsonb;
  decisions jsonb[] := '{}';
BEGIN
  PERFORM set_config('app.organization_id', organization::text, true), set_config('synchronous_commit', 'off', true);
  SELECT o.suspended_at IS NOT NULL OR o.erasure_requested_at IS NOT NULL INTO suspended
  FROM organizations o WHERE o.id = organization FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN '{"refused": "not-found"}'; END IF;
  IF suspended THEN RETURN '{"refused": "organization-suspended"}'; END IF;
  -- Only now: what was true before the lock may have changed while it was waited for.
  SELECT array_agg(b.budget ORDER BY (b.budget).id), array_agg(b.start ORDER BY (b.budget).id),
    array_agg(b.cost ORDER BY (b.budget).id), array_agg(b.tokens ORDER BY (b.budget).id)
  INTO own, starts, costs, tokens
  FROM budgets_of(organization, keys, models, moment) b;
  SELECT coalesce(jsonb_object_agg(c.channel, c.tokens), '{}') INTO minute_used
  FROM token_counters c
  WHERE c.organization_id = organization AND c.minute = this_minute AND (c.channel IN ('external', 'internal')
    OR c.channel = ANY (ARRAY(SELECT DISTINCT 'key/' || (one ->> 'key') FROM jsonb_array_elements(calls) one)));

  FOR call IN
    SELECT r.*, t.names, t.prices, t.costs, e.state, coalesce(e.attempts, 0) AS attempts
    FROM jsonb_to_recordset(calls) AS r(
      nth integer, id uuid, person uuid, key uuid, action text, channel text, "perMinute" bigint, route text, targets jsonb,
      input bigint, cached bigint, "cacheWrite" bigint, output bigint, reasoning bigint, images bigint, seconds bigint, requests bigint, "secondsOpen" integer)
    CROSS JOIN LATERAL (
      SELECT array_agg(x.one ->> 'target' ORDER BY x.nth) AS names, array_agg(x.one ->> 'price' ORDER BY x.nth) AS prices,
        array_agg(price_usage(p, r.input, r.cached, r."cacheWrite", r.output, r.reasoning, r.images, r.seconds, coalesce(r.requests, 1)) ORDER BY x.nth) AS costs
      FROM jsonb_array_elements(r.targets) WITH ORDINALITY x(one, nth)
      CROSS JOIN LATERAL price_of(x.one ->> 'price', moment, r.input) p
    ) t
    LEFT JOIN LATERAL (
      SELECT e.state, e.attempts FROM usage_reservations e WHERE e.organization_id = organization AND e.request_id = r.id LIMIT 1
    ) e ON true
    ORDER BY r.nth
  LOOP
    was_open := coalesce(call.state IN ('reserved', 'started'), false) OR call.id = ANY (ids);
    key_name := 'key/' || call.key;
    per_minute := (tokens_per_minute ->> call.channel)::bigint;
    per_key := call."perMinute";
    spent := coalesce((minute_used ->> call.channel)::bigint, 0);
    spent_by_key := coalesce((minute_used ->> key_name)::bigint, 0);
    wanted := call.input + call.output;
    -- Nothing but the room for its answer may be cut, so that a small limit still lets a small first request through.
    taken := greatest(least(wanted, per_minute, per_key), least(wanted, call.input));
    targets := '{}';
    refusal := NULL;
    decided := NULL;
    IF was_open THEN
      targets := call.names;
      UPDATE usage_reservations r SET expires_at = greatest(r.expires_at, moment + make_interval(secs => call."secondsOpen"))
      WHERE r.organization_id = organization AND r.request_id = call.id;
    ELSIF call.names IS NULL THEN
      refusal := '{"what": "price", "limit": 0, "used": 0}';
    ELSIF spent + taken > per_minute THEN
      refusal := jsonb_build_object('what', 'minute', 'limit', per_minute, 'used', spent);
    ELSIF spent_by_key + taken > per_key THEN
      refusal := jsonb_build_object('what', 'minute', 'limit', per_key, 'used', spent_by_key);
    ELSE
      targets := call.names;
      IF own IS NOT NULL THEN
        SELECT h.costs, h.tokens, h.refusal, h.targets, h.holds INTO costs, tokens, refusal, targets, decided.holds
        FROM hold_budgets(own, starts, call.key, call.names, call.costs, wanted, costs, tokens) h;
      END IF;
      FOR t IN 1 .. cardinality(call.names) LOOP
        CONTINUE WHEN call.names[t] <> ALL (targets) OR decided.cost >= call.costs[t];
        decided.cost := call.costs[t];
        decided.model := call.prices[t];
      END LOOP;
    END IF;

    IF decided.cost IS NOT NULL THEN
      minute_used := minute_used || jsonb_build_object(call.channel, spent + taken);
      IF per_key IS NOT NULL THEN minute_used := minute_used || jsonb_build_object(key_name, spent_by_key + taken); END IF;
      decided.request_id := call.id;
      decided.user_id := call.person;
      decided.key_id := call.key;
      decided.action := call.action;
      decided.route := call.route;
      decided.channel := call.channel;
      decided.tokens := taken;
      decided.completion_tokens := greatest(taken - call.input, 0);
      decided.expires_at := moment + make_interval(secs => call."secondsOpen");
      reserved := array_append(reserved, decided);
      ids := array_append(ids, call.id);
      spent := spent + taken;
      spent_by_key := spent_by_key + taken;
    END IF;
    decisions := array_append(decisions, jsonb_build_object('refusal', refusal, 'targets', targets, 'attempts', call.attempts,
      'cost', coalesce(decided.cost, 0)::text,
      'limit', CASE WHEN per_key - spent_by_key < per_minute - spent THEN per_key ELSE per_minute END,
      'left', greatest(least(per_minute - spent, per_key - spent_by_key), 0)));
  END LOOP;

  IF reserved <> '{}' THEN
    INSERT INTO usage_reservations (organization_id, request_id, user_id, key_id, action, route, state, amounts, credits, source, day, month,
      minute, channel, tokens, completion_tokens, model, cost, holds, created_at, expires_at)
    SELECT organization, r.request_id, r.user_id, r.key_id, r.action, r.route, 'started', '{}', '{}', 'plan',
      budget_start('day', moment), budget_start('month', moment), this_minute, r.channel, r.tokens, r.completion_tokens, r.model, r.cost, r.holds, moment, r.expires_at
    FROM unnest(reserved) r
    -- Ended before: reserved again, and its attempts are counted on.
    ON CONFLICT (organization_id, request_id) DO UPDATE SET
      state = 'started', user_id = excluded.user_id, key_id = excluded.key_id, action = excluded.action, route = excluded.route,
      amounts = '{}', credits = '{}', source = 'plan', day = excluded.day, month = excluded.month, minute = excluded.minute,
      channel = excluded.channel, tokens = excluded.tokens, completion_tokens = excluded.completion_tokens,
      model = excluded.model, cost = excluded.cost, holds = excluded.holds,
      created_at = excluded.created_at, expires_at = excluded.expires_at;
    INSERT INTO token_counters (organization_id, channel, minute, tokens)
    SELECT organization, u.key, this_minute, u.value::bigint FROM jsonb_each_text(minute_used) u
    ON CONFLICT (organization_id, channel, minute) DO UPDATE SET tokens = excluded.tokens WHERE token_counters.tokens <> excluded.tokens;
    IF own IS NOT NULL THEN
      PERFORM change_budgets(organization, array_agg(ROW(organization, h.budget, h.start, 0, h.cost, 0, h.tokens)::budget_counters))
      FROM unnest(reserved) r
      CROSS JOIN LATERAL jsonb_to_recordset(r.holds) AS h(budget uuid, start date, cost numeric, tokens bigint);
    END IF;
  END IF;
  RETURN jsonb_build_object(
    'at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'decisions', to_jsonb(decisions));
END $$;
