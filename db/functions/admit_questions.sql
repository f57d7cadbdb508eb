-- Tries to reserve one question for each request, in order; whatever is refused takes nothing. No one's time is trusted but the
-- database's own, unless a moment is given.
CREATE OR REPLACE FUNCTION admit_questions(organization uuid, requests jsonb, tokens_per_minute jsonb, seconds_open integer, given timestamptz DEFAULT NULL)
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
      -- Released or expired before: admitted again, and its attempts are counted on.
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
