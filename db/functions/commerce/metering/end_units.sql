-- Ends a request: "settled" charges it with what its attempts used, and with other amounts than were reserved where some are given;
-- "released" gives all of it back, "expired" does either, by whether a provider was called. All of it goes to the periods of the
-- admission. Doing it again changes nothing but for attempts that were not known before; what was given back and then settled after all
-- is charged again. What was held of budgets is given back, and what was used is spent. Returns the `state` that the request ended in, and
-- as `spent` the budgets that people are to be told of, see `change_budgets`.
CREATE OR REPLACE FUNCTION end_units(
  organization uuid, request uuid, ending text, attempts jsonb, used_amounts jsonb DEFAULT NULL, moment timestamptz DEFAULT now())
RETURNS jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  reservation usage_reservations%ROWTYPE;
  was_open boolean;
  attempt record;
  nth integer;
  told integer := 0;
  last_attempt integer;
  price numeric;
  spent bigint := 0;
  paid numeric := 0;
  asked integer := 0;
  ended_amounts jsonb;
  written integer[] := '{}';
  changes budget_counters[];
  spent_budgets jsonb;
BEGIN
  PERFORM FROM organizations WHERE id = organization FOR NO KEY UPDATE;
  SELECT * INTO reservation FROM usage_reservations WHERE organization_id = organization AND request_id = request FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'Close request "%": it was never admitted', request; END IF;
  was_open := reservation.state IN ('reserved', 'started');
  last_attempt := reservation.attempts;
  IF ending = 'expired' THEN
    IF NOT was_open OR reservation.expires_at > moment THEN RETURN jsonb_build_object('state', reservation.state); END IF;
    IF reservation.state = 'started' THEN ending := 'settled'; END IF;
  END IF;

  FOR attempt IN
    SELECT * FROM jsonb_to_recordset(attempts) AS a(
      attempt integer, outcome text, model text, "promptTokens" bigint, "completionTokens" bigint, "cachedTokens" bigint, metadata jsonb)
  LOOP
    -- Without a number it called no provider; it belongs to the person who ends the request, and to no one who comes later.
    CONTINUE WHEN attempt.attempt IS NULL AND (reservation.state = 'settled' OR ending <> 'settled' AND NOT was_open);
    nth := coalesce(attempt.attempt, reservation.attempts + 1);
    last_attempt := greatest(last_attempt, nth);
    price := coalesce(
      token_cost(attempt.model, reservation.created_at, attempt."promptTokens", attempt."completionTokens", attempt."cachedTokens"),
      reservation.cost);
    IF write_usage(organization, reservation.user_id, reservation.action, request, nth,
      attempt.outcome, attempt.model, attempt."promptTokens", attempt."completionTokens", attempt."cachedTokens", price,
      coalesce(attempt.metadata, '{}'), reservation.created_at)
    THEN
      spent := spent + attempt."promptTokens" + attempt."completionTokens";
      paid := paid + price;
      written := written || nth;
    END IF;
    IF attempt.attempt <= reservation.attempts THEN told := told + 1; END IF;
  END LOOP;
  -- Attempts that no one lived to tell of cost what was reserved.
  IF ending = 'settled' AND reservation.attempts > told THEN
    FOR nth IN
      SELECT n FROM generate_series(1, reservation.attempts) n
      WHERE NOT EXISTS (SELECT FROM usage_logs l WHERE l.organization_id = organization AND l.request_id = request AND l.attempt = n)
    LOOP
      PERFORM write_usage(organization, reservation.user_id, reservation.action, request, nth, 'lost', reservation.model,
        reservation.tokens - reservation.completion_tokens, reservation.completion_tokens, 0, reservation.cost, '{}', reservation.created_at);
      spent := spent + reservation.tokens;
      paid := paid + reservation.cost;
      written := written || nth;
    END LOOP;
  END IF;

  IF ending <> 'settled' AND NOT was_open THEN ending := reservation.state; END IF;
  ended_amounts := reservation.amounts;
  IF ending = 'settled' AND reservation.state <> 'settled' THEN
    asked := CASE reservation.action WHEN 'ai_query' THEN 1 ELSE 0 END;
    ended_amounts := reservation.amounts || coalesce(used_amounts, '{}');
  END IF;
  IF ending <> reservation.state AND (NOT was_open OR ending <> 'settled' OR ended_amounts <> reservation.amounts) THEN
    reservation := charge_units(reservation, CASE ending WHEN 'settled' THEN ended_amounts ELSE '{}' END, moment);
  END IF;
  IF spent <> 0 OR paid <> 0 OR asked <> 0 THEN
    UPDATE organizations SET
      tokens_used = tokens_used + spent,
      ai_cost = ai_cost + paid,
      questions_used = questions_used + asked
    WHERE id = organization;
  END IF;
  IF was_open THEN spent := spent - reservation.tokens; END IF;
  IF spent <> 0 THEN
    UPDATE token_counters SET tokens = greatest(tokens + spent, 0)
    WHERE organization_id = organization AND channel = reservation.channel AND minute = reservation.minute;
  END IF;
  IF ending <> reservation.state THEN
    UPDATE usage_reservations
    SET state = ending, attempts = last_attempt, amounts = ended_amounts, source = reservation.source,
      credits = reservation.credits, wallet_credits = reservation.wallet_credits
    WHERE organization_id = organization AND request_id = request;
  END IF;
  IF EXISTS (SELECT FROM budgets b WHERE b.organization_id = organization) THEN
    SELECT array_agg(ROW(organization, s.budget, s.start, s.spent, s.held, s.spent_tokens, s.held_tokens)::budget_counters) INTO changes
    FROM (
      -- What was held is given back, ...
      SELECT h.budget, h.start, 0::numeric AS spent, -h.cost AS held, 0::bigint AS spent_tokens, -h.tokens AS held_tokens
      FROM jsonb_to_recordset(reservation.holds) AS h(budget uuid, start date, cost numeric, tokens bigint)
      WHERE was_open
      UNION ALL
      -- ... what was used is spent by whatever it counts for, ...
      SELECT b.id, budget_start(b."window", l.created_at), l.cost, 0, l.prompt_tokens + l.completion_tokens, 0
      FROM usage_logs l JOIN budgets b ON b.organization_id = organization AND CASE b.scope
        WHEN 'organization' THEN true WHEN 'key' THEN b.scope_id = l.key_id::text
        ELSE l.outcome <> 'lost' AND b.scope_id = coalesce(l.metadata ->> 'target', l.model) END
      WHERE l.organization_id = organization AND l.request_id = request AND l.attempt = ANY (written)
        AND (l.cost <> 0 OR l.prompt_tokens + l.completion_tokens <> 0)
      UNION ALL
      -- ... and what is lost by every model that held it.
      SELECT b.id, h.start, least(h.cost, l.cost), 0, l.prompt_tokens + l.completion_tokens, 0
      FROM usage_logs l
      CROSS JOIN jsonb_to_recordset(reservation.holds) AS h(budget uuid, start date, cost numeric, tokens bigint)
      JOIN budgets b ON b.id = h.budget AND b.scope = 'model'
      WHERE l.organization_id = organization AND l.request_id = request AND l.attempt = ANY (written) AND l.outcome = 'lost'
    ) s;
    IF changes IS NOT NULL THEN spent_budgets := change_budgets(organization, changes); END IF;
  END IF;
  RETURN jsonb_build_object('state', ending, 'spent', spent_budgets);
END $$;
