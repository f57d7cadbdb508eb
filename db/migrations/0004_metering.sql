-- Admission and settlement of questions, each in one statement. Locks are taken in one order: the organization's row, a
-- reservation, the counters; so admissions of one organization follow each other, and two of these functions never wait for each other.
-- A connection keeps their plans, and one made while a table was empty would scan all of it when it no longer is: they use indexes.

-- The other index of open reservations is enough; of the two an admission may be planned with this one, which holds everybody's.
DROP INDEX usage_reservations_expiry;
--> statement-breakpoint
-- Roubles, exact at eight decimals, by the newest price of that moment; that of "*" for a model without one, NULL without either.
CREATE FUNCTION token_cost(priced_model text, moment timestamptz, prompt_tokens bigint, completion_tokens bigint, cached_tokens bigint)
RETURNS numeric STABLE LANGUAGE plpgsql AS $$
BEGIN
  RETURN (
    SELECT ((prompt_tokens - cached_tokens) * p.prompt + cached_tokens * p.cached + completion_tokens * p.completion) * 0.000001
    FROM model_prices p
    WHERE p.model IN (priced_model, '*') AND p.valid_from <= moment
    ORDER BY p.model = '*', p.valid_from DESC
    LIMIT 1);
END $$;
--> statement-breakpoint
-- The first tier above this one that allows more than so many of what a column of subscription_plans limits.
CREATE FUNCTION next_tier(current_tier text, figure text, allowed bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('tier', above.tier, 'limit', (to_jsonb(above) ->> figure)::bigint)
  FROM subscription_plans mine
  JOIN subscription_plans above ON above.price > mine.price
  WHERE mine.tier = current_tier AND (to_jsonb(above) ->> figure)::bigint > allowed
  ORDER BY above.price
  LIMIT 1
$$;
--> statement-breakpoint
-- Tries to reserve one question for each request, in order; whatever is refused takes nothing. Nobody's time is trusted but the
-- database's own, unless a moment is given.
CREATE FUNCTION admit_questions(organization uuid, requests jsonb, tokens_per_minute jsonb, seconds_open integer, given timestamptz DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  moment timestamptz := coalesce(given, now());
  today date := (moment AT TIME ZONE 'UTC')::date;
  this_month date := date_trunc('month', moment AT TIME ZONE 'UTC')::date;
  this_minute timestamptz := date_trunc('minute', moment, 'UTC');
  closes timestamptz := moment + make_interval(secs => seconds_open);
  own organizations%ROWTYPE;
  plan organization_plans%ROWTYPE;
  day_used integer;
  month_used integer;
  in_work integer;
  minute_used jsonb;
  request record;
  earlier usage_reservations%ROWTYPE;
  was_open boolean;
  per_minute bigint;
  spent bigint;
  taken bigint;
  credited boolean;
  wanted_model text;
  price numeric;
  refusal jsonb;
  plan_questions integer := 0;
  credit_questions integer := 0;
  decisions jsonb := '[]';
BEGIN
  PERFORM set_config('app.organization_id', organization::text, true);
  SELECT * INTO own FROM organizations WHERE id = organization FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN '{"refused": "not-found"}'; END IF;
  IF own.suspended_at IS NOT NULL OR own.erasure_requested_at IS NOT NULL THEN RETURN '{"refused": "organization-suspended"}'; END IF;
  -- Only now: what was true before the lock may have changed while it was waited for.
  SELECT * INTO plan FROM organization_plans WHERE organization_id = organization;
  SELECT
    coalesce((SELECT used FROM question_counters WHERE organization_id = organization AND period = 'day' AND start = today), 0),
    coalesce((SELECT used FROM question_counters WHERE organization_id = organization AND period = 'month' AND start = this_month), 0),
    (SELECT count(*) FROM usage_reservations
      WHERE organization_id = organization AND state IN ('reserved', 'started') AND expires_at > moment),
    coalesce((SELECT jsonb_object_agg(channel, tokens) FROM token_counters
      WHERE organization_id = organization AND minute = this_minute), '{}')
  INTO day_used, month_used, in_work, minute_used;

  FOR request IN
    SELECT * FROM jsonb_to_recordset(requests) AS r(
      id uuid, person uuid, channel text, models jsonb, question bigint, prompt bigint, completion bigint)
  LOOP
    SELECT * INTO earlier FROM usage_reservations WHERE organization_id = organization AND request_id = request.id;
    was_open := coalesce(earlier.state IN ('reserved', 'started'), false);
    per_minute := (tokens_per_minute ->> request.channel)::bigint;
    spent := coalesce((minute_used ->> request.channel)::bigint, 0);
    wanted_model := request.models ->> plan.model_policy;
    -- Nothing but the room for its answer may be cut, so that a small limit still lets a small first request through.
    taken := least(request.prompt + coalesce(request.completion, plan.max_tokens_per_question), per_minute);
    credited := false;
    price := NULL;
    refusal := NULL;
    IF earlier.state = 'settled' THEN
      NULL; -- it was counted
    ELSIF was_open AND earlier.expires_at > moment THEN
      NULL; -- it is counted
    ELSIF in_work >= plan.concurrent_questions AND was_open THEN
      refusal := jsonb_build_object('what', 'concurrent', 'limit', plan.concurrent_questions, 'used', in_work);
    ELSIF was_open THEN
      in_work := in_work + 1;
    ELSE
      IF request.question > plan.max_tokens_per_question THEN
        refusal := jsonb_build_object('what', 'question', 'limit', plan.max_tokens_per_question, 'used', request.question);
      ELSIF request.prompt > per_minute THEN
        refusal := jsonb_build_object('what', 'prompt', 'limit', per_minute, 'used', request.prompt);
      ELSIF day_used >= plan.questions_per_day OR month_used >= plan.questions_per_month THEN
        credited := own.question_credits > credit_questions;
        IF credited THEN NULL;
        ELSIF month_used >= plan.questions_per_month THEN
          refusal := jsonb_build_object('what', 'month', 'limit', plan.questions_per_month, 'used', month_used);
        ELSE
          refusal := jsonb_build_object('what', 'day', 'limit', plan.questions_per_day, 'used', day_used);
        END IF;
      END IF;
      IF refusal IS NOT NULL THEN NULL;
      ELSIF in_work >= plan.concurrent_questions THEN
        refusal := jsonb_build_object('what', 'concurrent', 'limit', plan.concurrent_questions, 'used', in_work);
      ELSIF spent + taken > per_minute THEN
        refusal := jsonb_build_object('what', 'minute', 'limit', per_minute, 'used', spent);
      ELSE
        price := token_cost(wanted_model, moment, request.prompt, taken - request.prompt, 0);
        IF price IS NULL THEN refusal := jsonb_build_object('what', 'price', 'limit', 0, 'used', 0); END IF;
      END IF;
    END IF;

    IF refusal IS NULL AND was_open THEN
      UPDATE usage_reservations SET expires_at = greatest(expires_at, closes)
      WHERE organization_id = organization AND request_id = request.id;
    ELSIF price IS NOT NULL THEN
      INSERT INTO usage_reservations
        (organization_id, request_id, user_id, source, day, month, minute, channel, tokens, model, cost, created_at, expires_at)
      VALUES
        (organization, request.id, request.person, CASE WHEN credited THEN 'credit' ELSE 'plan' END, today, this_month, this_minute,
         request.channel, taken, wanted_model, price, moment, closes)
      -- Released or expired before: admitted anew, and its attempts are counted on.
      ON CONFLICT (organization_id, request_id) DO UPDATE SET
        state = 'reserved', source = excluded.source, day = excluded.day, month = excluded.month, minute = excluded.minute,
        channel = excluded.channel, tokens = excluded.tokens, model = excluded.model, cost = excluded.cost,
        created_at = excluded.created_at, expires_at = excluded.expires_at;
      in_work := in_work + 1;
      minute_used := minute_used || jsonb_build_object(request.channel, spent + taken);
      IF credited THEN credit_questions := credit_questions + 1;
      ELSE
        plan_questions := plan_questions + 1;
        day_used := day_used + 1;
        month_used := month_used + 1;
      END IF;
    END IF;
    IF refusal IS NOT NULL THEN
      refusal := refusal || jsonb_build_object('next', next_tier(plan.tier, CASE refusal ->> 'what'
        WHEN 'question' THEN 'max_tokens_per_question'
        WHEN 'day' THEN 'questions_per_day'
        WHEN 'month' THEN 'questions_per_month'
        WHEN 'concurrent' THEN 'concurrent_questions'
      END, (refusal ->> 'limit')::bigint));
    END IF;
    decisions := decisions || jsonb_build_object('refusal', refusal, 'day', day_used, 'month', month_used);
  END LOOP;

  IF plan_questions > 0 THEN
    INSERT INTO question_counters (organization_id, period, start, used)
    VALUES (organization, 'day', today, plan_questions), (organization, 'month', this_month, plan_questions)
    ON CONFLICT (organization_id, period, start) DO UPDATE SET used = question_counters.used + excluded.used;
  END IF;
  IF credit_questions > 0 THEN
    UPDATE organizations SET question_credits = question_credits - credit_questions WHERE id = organization;
  END IF;
  IF plan_questions + credit_questions > 0 THEN
    INSERT INTO token_counters (organization_id, channel, minute, tokens)
    SELECT organization, key, this_minute, value::bigint FROM jsonb_each_text(minute_used)
    ON CONFLICT (organization_id, channel, minute) DO UPDATE SET tokens = excluded.tokens;
  END IF;
  RETURN jsonb_build_object(
    'at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'plan', jsonb_build_object(
      'tier', plan.tier, 'modelPolicy', plan.model_policy, 'maxTokensPerQuestion', plan.max_tokens_per_question,
      'questionsPerDay', plan.questions_per_day, 'questionsPerMonth', plan.questions_per_month),
    'documentsVersion', own.documents_version,
    'decisions', decisions);
END $$;
--> statement-breakpoint
-- A provider is called for a request: the attempt's number. The model of the attempt before, when that one came to nothing.
CREATE FUNCTION start_question(organization uuid, request uuid, failed_model text DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  reservation usage_reservations%ROWTYPE;
BEGIN
  PERFORM set_config('app.organization_id', organization::text, true);
  UPDATE usage_reservations
  SET attempts = attempts + 1, state = CASE state WHEN 'reserved' THEN 'started' ELSE state END
  WHERE organization_id = organization AND request_id = request
  RETURNING * INTO reservation;
  IF NOT FOUND THEN RAISE EXCEPTION 'Start question "%": it was never admitted', request; END IF;
  IF failed_model IS NOT NULL THEN
    PERFORM write_usage(organization, reservation.user_id, 'ai_query', request, reservation.attempts - 1, 'failed', failed_model,
      0, 0, 0, 0, '{}', reservation.created_at);
  END IF;
  RETURN reservation.attempts;
END $$;
--> statement-breakpoint
-- Writes down one thing that was used, and in the month's totals. False, and nothing done, when it stands there already.
CREATE FUNCTION write_usage(organization uuid, person uuid, what text, request uuid, nth integer, result text, used_model text,
  prompt bigint, completion bigint, cached bigint, price numeric, about jsonb, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_logs (organization_id, user_id, action, request_id, attempt, outcome, model,
    prompt_tokens, completion_tokens, cached_tokens, cost, metadata, created_at)
  -- Who asked may be gone by now.
  VALUES (organization, (SELECT u.id FROM users u WHERE u.id = person), what, request, nth, result, used_model,
    prompt, completion, cached, price, about, moment)
  ON CONFLICT ON CONSTRAINT usage_logs_attempt DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO usage_totals (organization_id, month, user_id, action, model, count, prompt_tokens, completion_tokens, cached_tokens, cost)
  VALUES (organization, date_trunc('month', moment AT TIME ZONE 'UTC')::date, person, what, used_model, 1, prompt, completion, cached, price)
  ON CONFLICT ON CONSTRAINT usage_totals_key DO UPDATE SET
    count = usage_totals.count + 1,
    prompt_tokens = usage_totals.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = usage_totals.completion_tokens + excluded.completion_tokens,
    cached_tokens = usage_totals.cached_tokens + excluded.cached_tokens,
    cost = usage_totals.cost + excluded.cost;
  RETURN true;
END $$;
--> statement-breakpoint
-- Ends a question: "settled" charges it with what its attempts used, "released" gives it back, "expired" does either, by whether a
-- provider was called. All of it goes to the periods of the admission. Doing it again changes nothing but for attempts that were not
-- known before; what was given back and then settled after all is charged again. Returns the state that the question ended in.
CREATE FUNCTION close_question(organization uuid, request uuid, ending text, attempts jsonb, moment timestamptz DEFAULT now())
RETURNS text LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  credits bigint;
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
  taken integer := 0;
  by_credit boolean;
BEGIN
  SELECT question_credits INTO credits FROM organizations WHERE id = organization FOR NO KEY UPDATE;
  SELECT * INTO reservation FROM usage_reservations WHERE organization_id = organization AND request_id = request FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'Close question "%": it was never admitted', request; END IF;
  was_open := reservation.state IN ('reserved', 'started');
  last_attempt := reservation.attempts;
  IF ending = 'expired' THEN
    IF NOT was_open OR reservation.expires_at > moment THEN RETURN reservation.state; END IF;
    IF reservation.state = 'started' THEN ending := 'settled'; END IF;
  END IF;

  FOR attempt IN
    SELECT * FROM jsonb_to_recordset(attempts) AS a(
      attempt integer, outcome text, model text, "promptTokens" bigint, "completionTokens" bigint, "cachedTokens" bigint, metadata jsonb)
  LOOP
    -- Without a number it called no provider; it belongs to whoever ends the question, and to nobody who comes later.
    CONTINUE WHEN attempt.attempt IS NULL AND (reservation.state = 'settled' OR ending <> 'settled' AND NOT was_open);
    last_attempt := greatest(last_attempt, coalesce(attempt.attempt, reservation.attempts + 1));
    price := coalesce(
      token_cost(attempt.model, reservation.created_at, attempt."promptTokens", attempt."completionTokens", attempt."cachedTokens"),
      reservation.cost);
    IF write_usage(organization, reservation.user_id, 'ai_query', request, coalesce(attempt.attempt, reservation.attempts + 1),
      attempt.outcome, attempt.model, attempt."promptTokens", attempt."completionTokens", attempt."cachedTokens", price,
      coalesce(attempt.metadata, '{}'), reservation.created_at)
    THEN
      spent := spent + attempt."promptTokens" + attempt."completionTokens";
      paid := paid + price;
    END IF;
    IF attempt.attempt <= reservation.attempts THEN told := told + 1; END IF;
  END LOOP;
  -- Attempts that nobody lived to tell of cost what was reserved.
  IF ending = 'settled' AND reservation.attempts > told THEN
    FOR nth IN
      SELECT n FROM generate_series(1, reservation.attempts) n
      WHERE NOT EXISTS (SELECT FROM usage_logs l WHERE l.organization_id = organization AND l.request_id = request AND l.attempt = n)
    LOOP
      PERFORM write_usage(organization, reservation.user_id, 'ai_query', request, nth, 'lost', reservation.model,
        reservation.tokens, 0, 0, reservation.cost, '{}', reservation.created_at);
      spent := spent + reservation.tokens;
      paid := paid + reservation.cost;
    END LOOP;
  END IF;

  IF ending = 'settled' THEN
    asked := CASE reservation.state WHEN 'settled' THEN 0 ELSE 1 END;
    taken := CASE WHEN was_open THEN 0 ELSE asked END;
  ELSIF was_open THEN
    taken := -1;
  ELSE
    ending := reservation.state;
  END IF;
  by_credit := reservation.source = 'credit' AND credits >= taken;
  IF taken <> 0 AND NOT by_credit THEN
    INSERT INTO question_counters (organization_id, period, start, used)
    VALUES (organization, 'day', reservation.day, greatest(taken, 0)), (organization, 'month', reservation.month, greatest(taken, 0))
    ON CONFLICT (organization_id, period, start) DO UPDATE SET used = greatest(question_counters.used + taken, 0);
  END IF;
  IF spent <> 0 OR paid <> 0 OR asked <> 0 OR taken <> 0 THEN
    UPDATE organizations SET
      tokens_used = tokens_used + spent,
      ai_cost = ai_cost + paid,
      questions_used = questions_used + asked,
      question_credits = question_credits - CASE WHEN by_credit THEN taken ELSE 0 END
    WHERE id = organization;
  END IF;
  IF was_open THEN spent := spent - reservation.tokens; END IF;
  IF spent <> 0 THEN
    UPDATE token_counters SET tokens = greatest(tokens + spent, 0)
    WHERE organization_id = organization AND channel = reservation.channel AND minute = reservation.minute;
  END IF;
  IF ending <> reservation.state THEN
    UPDATE usage_reservations
    SET state = ending, source = CASE WHEN by_credit THEN 'credit' ELSE 'plan' END, attempts = last_attempt
    WHERE organization_id = organization AND request_id = request;
  END IF;
  RETURN ending;
END $$;
--> statement-breakpoint
-- Ends what ran out before this moment, at most so many, in the order in which organizations are locked.
CREATE FUNCTION expire_questions(moment timestamptz, most integer)
RETURNS TABLE (state text, questions bigint) LANGUAGE sql AS $$
  SELECT close_question(due.organization_id, due.request_id, 'expired', '[]', moment) AS state, count(*)
  FROM (
    SELECT organization_id, request_id FROM usage_reservations
    WHERE state IN ('reserved', 'started') AND expires_at <= moment
    ORDER BY organization_id, request_id
    LIMIT most
  ) due
  GROUP BY 1
$$;
--> statement-breakpoint
-- What was used before there were totals.
INSERT INTO usage_totals (organization_id, month, user_id, action, model, count, prompt_tokens, completion_tokens, cached_tokens, cost)
SELECT organization_id, date_trunc('month', created_at AT TIME ZONE 'UTC')::date, user_id, action, model,
  count(*), sum(prompt_tokens), sum(completion_tokens), sum(cached_tokens), sum(cost)
FROM usage_logs
GROUP BY 1, 2, 3, 4, 5;
