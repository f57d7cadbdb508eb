-- Tries to reserve for each request the units that it names, in order, against every limit of the organization and of the wallet
-- that pays. A refused request takes nothing. A request with a channel calls a model: its tokens are reserved as well, and their price at
-- the dearest of the targets that may be asked: those with a price and with room in every hard budget, which hold it as well.
-- Periods of the organization are in UTC, those of the wallet in its time zone. No one's time is trusted but the database's own, unless
-- a moment is given.
CREATE OR REPLACE FUNCTION reserve_units(
  organization uuid, wallet uuid, requests jsonb, tokens_per_minute jsonb, seconds_open integer, given timestamptz DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  moment timestamptz := coalesce(given, now());
  today date := period_start('day', 'UTC', moment);
  this_month date := period_start('month', 'UTC', moment);
  wallet_zone text;
  wallet_day date;
  wallet_month date;
  this_minute timestamptz := date_trunc('minute', moment, 'UTC');
  closes timestamptz := moment + make_interval(secs => seconds_open);
  own organizations%ROWTYPE;
  plan record;
  -- The place n of each list is for one unit of one owner; the organization comes before the wallet. A limit of NULL does not limit.
  owners uuid[];
  units text[];
  day_limits bigint[];
  month_limits bigint[];
  work_limits bigint[];
  day_used bigint[];
  month_used bigint[];
  in_work bigint[];
  counted bigint[];
  credited bigint[];
  places integer;
  place record;
  minute_used jsonb;
  request record;
  earlier usage_reservations%ROWTYPE;
  was_open boolean;
  is_counted boolean;
  amount bigint;
  room bigint;
  part bigint;
  credits jsonb;
  wallet_credits jsonb;
  per_minute bigint;
  spent bigint;
  answer bigint;
  taken bigint;
  wanted jsonb;
  names text[];
  prices text[];
  fitting text[];
  costs numeric[];
  -- What the targets cost with the whole of an answer, whatever the minute has room for.
  whole_costs numeric[];
  -- Place n of each list is for one budget.
  own_budgets budgets[];
  starts date[];
  budget_costs numeric[];
  budget_tokens bigint[];
  keys uuid[];
  models text[];
  held jsonb;
  all_held jsonb := '[]';
  wanted_model text;
  price numeric;
  refusal jsonb;
  calls_model boolean := false;
  decisions jsonb[] := '{}';
BEGIN
  PERFORM set_config('app.organization_id', organization::text, true);
  SELECT * INTO own FROM organizations WHERE id = organization FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN '{"refused": "not-found"}'; END IF;
  IF own.suspended_at IS NOT NULL OR own.erasure_requested_at IS NOT NULL THEN RETURN '{"refused": "organization-suspended"}'; END IF;
  IF wallet IS NOT NULL THEN
    SELECT w.time_zone INTO wallet_zone FROM wallets w WHERE w.organization_id = organization AND w.id = wallet;
    IF NOT FOUND THEN RETURN '{"refused": "not-found"}'; END IF;
    wallet_day := period_start('day', wallet_zone, moment);
    wallet_month := period_start('month', wallet_zone, moment);
  END IF;
  -- Only now: what was true before the lock may have changed while it was waited for.
  SELECT p.tier, coalesce(v.model_policy, p.model_policy) AS model_policy,
    coalesce(v.max_tokens_per_question, p.max_tokens_per_question) AS max_tokens_per_question
  INTO plan
  FROM subscription_plans p LEFT JOIN plan_overrides v ON v.organization_id = organization
  WHERE p.tier = own.tier;
  SELECT array_agg(o.owner ORDER BY o.nth, u.unit), array_agg(u.unit ORDER BY o.nth, u.unit) INTO owners, units
  FROM unnest(array_remove(ARRAY[organization, wallet], NULL)) WITH ORDINALITY AS o(owner, nth),
    (SELECT DISTINCT jsonb_object_keys(r -> 'amounts') AS unit FROM jsonb_array_elements(requests) r) u;
  places := coalesce(cardinality(units), 0);
  FOR n IN 1 .. places LOOP
    -- As `limits_of` says, of one unit.
    SELECT l.day, l.month, l.concurrent,
      (SELECT c.used FROM usage_counters c WHERE c.organization_id = organization AND c.owner_id = owners[n] AND c.unit = units[n]
        AND c.period = 'day' AND c.start = CASE owners[n] WHEN organization THEN today ELSE wallet_day END) AS day_used,
      (SELECT c.used FROM usage_counters c WHERE c.organization_id = organization AND c.owner_id = owners[n] AND c.unit = units[n]
        AND c.period = 'month' AND c.start = CASE owners[n] WHEN organization THEN this_month ELSE wallet_month END) AS month_used,
      (SELECT count(*) FROM usage_reservations r
        WHERE r.organization_id = organization AND r.state IN ('reserved', 'started') AND r.expires_at > moment
          AND r.amounts ? units[n] AND (owners[n] = organization OR r.wallet_id = wallet)) AS in_work
    INTO place
    FROM (
      SELECT max(f.amount) FILTER (WHERE f.period = 'day') AS day, max(f.amount) FILTER (WHERE f.period = 'month') AS month,
        max(f.amount) FILTER (WHERE f.period = 'concurrent') AS concurrent
      FROM (
        SELECT o.period, o.amount FROM owner_limits o
        WHERE o.organization_id = organization AND o.owner_id = owners[n] AND o.unit = units[n] AND (o.until IS NULL OR o.until > moment)
        UNION ALL
        SELECT p.period, p.amount FROM plan_limits p
        WHERE p.tier = own.tier AND p.unit = units[n] AND owners[n] = organization AND NOT EXISTS (
          SELECT FROM owner_limits o
          WHERE o.organization_id = organization AND o.owner_id = organization AND o.unit = p.unit AND o.period = p.period
            AND (o.until IS NULL OR o.until > moment))
      ) f
    ) l;
    -- A unit that neither plan nor override names is one that the organization has to buy.
    day_limits[n] := CASE WHEN owners[n] = organization AND place.month IS NULL THEN coalesce(place.day, 0) ELSE place.day END;
    month_limits[n] := place.month;
    work_limits[n] := place.concurrent;
    day_used[n] := coalesce(place.day_used, 0);
    month_used[n] := coalesce(place.month_used, 0);
    in_work[n] := place.in_work;
    counted[n] := 0;
    credited[n] := 0;
  END LOOP;
  SELECT coalesce(jsonb_object_agg(channel, tokens), '{}') INTO minute_used
  FROM token_counters WHERE organization_id = organization AND minute = this_minute;
  models := ARRAY(SELECT DISTINCT coalesce(m ->> 'target', m #>> '{}')
    FROM jsonb_array_elements(requests) r, jsonb_path_query(r -> 'models', '$.*[*]') m);
  IF models <> '{}' THEN
    keys := ARRAY(SELECT DISTINCT (r ->> 'key')::uuid FROM jsonb_array_elements(requests) r);
    SELECT array_agg(b.budget ORDER BY (b.budget).id), array_agg(b.start ORDER BY (b.budget).id),
      array_agg(b.cost ORDER BY (b.budget).id), array_agg(b.tokens ORDER BY (b.budget).id)
    INTO own_budgets, starts, budget_costs, budget_tokens
    FROM budgets_of(organization, keys, models, moment) b;
  END IF;

  FOR request IN
    SELECT * FROM jsonb_to_recordset(requests) AS r(
      id uuid, person uuid, key uuid, action text, amounts jsonb, channel text, models jsonb, question bigint, prompt bigint, completion bigint)
  LOOP
    SELECT * INTO earlier FROM usage_reservations WHERE organization_id = organization AND request_id = request.id;
    was_open := coalesce(earlier.state IN ('reserved', 'started'), false);
    is_counted := coalesce(earlier.state = 'settled', false) OR was_open AND earlier.expires_at > moment;
    per_minute := (tokens_per_minute ->> request.channel)::bigint;
    spent := coalesce((minute_used ->> request.channel)::bigint, 0);
    wanted := request.models -> plan.model_policy;
    -- As processes of the release before name the one model that they ask.
    IF jsonb_typeof(wanted) = 'string' THEN wanted := jsonb_build_array(jsonb_build_object('target', wanted, 'price', wanted)); END IF;
    names := ARRAY(SELECT one ->> 'target' FROM jsonb_array_elements(wanted) WITH ORDINALITY w(one, nth) ORDER BY w.nth);
    wanted_model := NULL;
    -- Nothing but the room for its answer may be cut, so that a small limit still lets a small first request through.
    answer := coalesce(request.completion, plan.max_tokens_per_question);
    taken := CASE WHEN request.channel IS NULL THEN 0 ELSE least(request.prompt + answer, per_minute) END;
    credits := '{}';
    wallet_credits := '{}';
    price := NULL;
    held := NULL;
    refusal := NULL;
    IF NOT is_counted THEN
      IF was_open THEN NULL;
      ELSIF request.question > plan.max_tokens_per_question THEN
        refusal := jsonb_build_object('what', 'question', 'limit', plan.max_tokens_per_question, 'used', request.question,
          'next', next_tier(plan.tier, 'max_tokens_per_question', plan.max_tokens_per_question));
      ELSIF request.prompt > per_minute THEN
        refusal := jsonb_build_object('what', 'prompt', 'limit', per_minute, 'used', request.prompt);
      END IF;
      FOR n IN 1 .. places LOOP
        EXIT WHEN refusal IS NOT NULL;
        amount := (request.amounts ->> units[n])::bigint;
        CONTINUE WHEN amount IS NULL;
        room := greatest(least(amount, day_limits[n] - day_used[n], month_limits[n] - month_used[n]), 0);
        IF NOT was_open AND room < amount THEN
          IF credits_left(organization, owners[n], units[n], moment) - credited[n] >= amount - room THEN
            IF owners[n] = organization THEN credits := credits || jsonb_build_object(units[n], amount - room);
            ELSE wallet_credits := wallet_credits || jsonb_build_object(units[n], amount - room);
            END IF;
          ELSIF month_used[n] + amount > month_limits[n] THEN
            refusal := jsonb_build_object('what', 'month', 'unit', units[n], 'limit', month_limits[n], 'used', month_used[n]);
          ELSE
            refusal := jsonb_build_object('what', 'day', 'unit', units[n], 'limit', day_limits[n], 'used', day_used[n]);
          END IF;
        END IF;
        IF refusal IS NULL AND in_work[n] >= work_limits[n] THEN
          refusal := jsonb_build_object('what', 'concurrent', 'unit', units[n], 'limit', work_limits[n], 'used', in_work[n]);
        END IF;
        IF refusal IS NULL THEN NULL;
        ELSIF owners[n] = wallet THEN
          refusal := refusal || jsonb_build_object('wallet', true, 'reset',
            CASE WHEN refusal ->> 'what' <> 'concurrent' THEN period_end(refusal ->> 'what', wallet_zone, moment) END);
        ELSE
          refusal := refusal || jsonb_build_object('next', next_limit(
            plan.tier, units[n], refusal ->> 'what', (refusal ->> 'limit')::bigint));
        END IF;
      END LOOP;
      IF refusal IS NOT NULL OR was_open THEN NULL;
      ELSIF request.channel IS NULL THEN price := 0;
      ELSIF spent + taken > per_minute THEN
        refusal := jsonb_build_object('what', 'minute', 'limit', per_minute, 'used', spent);
      ELSE
        SELECT array_agg(w.one ->> 'target' ORDER BY w.nth), array_agg(w.one ->> 'price' ORDER BY w.nth), array_agg(c.cost ORDER BY w.nth),
          array_agg(CASE WHEN own_budgets IS NOT NULL THEN token_cost(w.one ->> 'price', moment, request.prompt, answer, 0) END ORDER BY w.nth)
        INTO names, prices, costs, whole_costs
        FROM jsonb_array_elements(wanted) WITH ORDINALITY w(one, nth)
        CROSS JOIN LATERAL token_cost(w.one ->> 'price', moment, request.prompt, taken - request.prompt, 0) c(cost)
        WHERE c.cost IS NOT NULL;
        fitting := names;
        IF names IS NULL THEN refusal := jsonb_build_object('what', 'price', 'limit', 0, 'used', 0);
        ELSIF own_budgets IS NOT NULL THEN
          SELECT h.costs, h.tokens, h.refusal, h.targets, h.holds INTO budget_costs, budget_tokens, refusal, fitting, held
          FROM hold_budgets(own_budgets, starts, request.key, names, whole_costs, request.prompt + answer, budget_costs, budget_tokens) h;
          -- Processes of the release before know no budgets: to them the minute is used up.
          IF refusal IS NOT NULL THEN
            refusal := jsonb_build_object('what', 'minute', 'limit', per_minute, 'used', spent, 'budget', refusal);
          END IF;
        END IF;
        SELECT c.cost, c.price INTO price, wanted_model FROM unnest(names, prices, costs) AS c(name, price, cost)
        WHERE c.name = ANY (fitting) ORDER BY c.cost DESC LIMIT 1;
        names := fitting;
      END IF;
    END IF;

    IF refusal IS NULL AND NOT is_counted THEN
      FOR n IN 1 .. places LOOP
        amount := (request.amounts ->> units[n])::bigint;
        CONTINUE WHEN amount IS NULL;
        in_work[n] := in_work[n] + 1;
        CONTINUE WHEN was_open;
        part := coalesce((CASE WHEN owners[n] = organization THEN credits ELSE wallet_credits END ->> units[n])::bigint, 0);
        -- The wallet's are taken with the entry of each request, further down.
        IF owners[n] = organization THEN credited[n] := credited[n] + part; END IF;
        counted[n] := counted[n] + amount - part;
        day_used[n] := day_used[n] + amount - part;
        month_used[n] := month_used[n] + amount - part;
      END LOOP;
    END IF;
    IF refusal IS NULL AND was_open THEN
      UPDATE usage_reservations SET expires_at = greatest(expires_at, closes)
      WHERE organization_id = organization AND request_id = request.id;
    ELSIF price IS NOT NULL THEN
      INSERT INTO usage_reservations
        (organization_id, request_id, user_id, key_id, wallet_id, action, amounts, credits, wallet_credits, source, day, month,
         wallet_day, wallet_month, minute, channel, tokens, completion_tokens, model, cost, holds, created_at, expires_at)
      VALUES
        (organization, request.id, request.person, request.key, wallet, coalesce(request.action, 'ai_query'), request.amounts, credits, wallet_credits,
         CASE credits WHEN '{}' THEN 'plan' ELSE 'credit' END, today, this_month,
         wallet_day, wallet_month, this_minute, request.channel, taken, coalesce(greatest(taken - request.prompt, 0), 0), wanted_model, price, held, moment, closes)
      -- Released or expired before: admitted again, and its attempts are counted on.
      ON CONFLICT (organization_id, request_id) DO UPDATE SET
        state = 'reserved', key_id = excluded.key_id, wallet_id = excluded.wallet_id, action = excluded.action, amounts = excluded.amounts,
        credits = excluded.credits, wallet_credits = excluded.wallet_credits, source = excluded.source,
        day = excluded.day, month = excluded.month, wallet_day = excluded.wallet_day, wallet_month = excluded.wallet_month,
        minute = excluded.minute,
        channel = excluded.channel, tokens = excluded.tokens, completion_tokens = excluded.completion_tokens,
        model = excluded.model, cost = excluded.cost, holds = excluded.holds,
        created_at = excluded.created_at, expires_at = excluded.expires_at;
      PERFORM move_units(organization, wallet, c.key, -c.value::bigint, 'use', request.id::text, moment) FROM jsonb_each_text(wallet_credits) c;
      IF request.channel IS NOT NULL THEN
        calls_model := true;
        minute_used := minute_used || jsonb_build_object(request.channel, spent + taken);
        all_held := all_held || coalesce(held, '[]');
      END IF;
    END IF;
    decisions := array_append(decisions, jsonb_build_object(
      'refusal', refusal, 'targets', names, 'day', day_used, 'month', month_used));
  END LOOP;

  IF 0 < ANY (counted) THEN
    -- Questions in both places with one statement: two calls of the trigger that does it otherwise would be dearer than all else here.
    PERFORM set_config('app.mirror', 'off', true);
    WITH kept AS (
      INSERT INTO usage_counters (organization_id, owner_id, unit, period, start, used)
      SELECT organization, c.owner, c.unit, p.period, p.start, c.used
      FROM unnest(owners, units, counted) AS c(owner, unit, used),
        (VALUES (organization, 'day', today), (organization, 'month', this_month), (wallet, 'day', wallet_day), (wallet, 'month', wallet_month))
          AS p(owner, period, start)
      WHERE c.used > 0 AND p.owner = c.owner
      ON CONFLICT (organization_id, owner_id, unit, period, start) DO UPDATE SET used = usage_counters.used + excluded.used
      RETURNING owner_id, unit, period, start, used
    )
    INSERT INTO question_counters (organization_id, period, start, used)
    SELECT organization, k.period, k.start, k.used FROM kept k WHERE k.unit = 'question' AND k.owner_id = organization
    ON CONFLICT (organization_id, period, start) DO UPDATE SET used = excluded.used;
    PERFORM set_config('app.mirror', '', true);
  END IF;
  FOR n IN 1 .. places LOOP
    IF credited[n] > 0 AND owners[n] = organization THEN PERFORM change_credits(organization, organization, units[n], -credited[n], moment); END IF;
  END LOOP;
  IF calls_model THEN
    INSERT INTO token_counters (organization_id, channel, minute, tokens)
    SELECT organization, key, this_minute, value::bigint FROM jsonb_each_text(minute_used)
    ON CONFLICT (organization_id, channel, minute) DO UPDATE SET tokens = excluded.tokens;
    IF own_budgets IS NOT NULL THEN
      PERFORM change_budgets(organization, array_agg(ROW(organization, h.budget, h.start, 0, h.cost, 0, h.tokens)::budget_counters))
      FROM jsonb_to_recordset(all_held) AS h(budget uuid, start date, cost numeric, tokens bigint);
    END IF;
  END IF;
  RETURN jsonb_build_object(
    'at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'plan', jsonb_build_object('tier', plan.tier, 'modelPolicy', plan.model_policy, 'maxTokensPerQuestion', plan.max_tokens_per_question),
    'documentsVersion', own.documents_version,
    'units', units, 'dayLimits', day_limits, 'monthLimits', month_limits,
    'decisions', to_jsonb(decisions));
END $$;
