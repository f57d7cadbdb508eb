-- Writes down one thing that was used, and in the month's totals. False, and nothing done, when it stands there already.
CREATE OR REPLACE FUNCTION write_usage(organization uuid, person uuid, what text, request uuid, nth integer, result text, used_model text,
  prompt bigint, completion bigint, cached bigint, price numeric, about jsonb, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_logs (organization_id, user_id, key_id, action, request_id, attempt, outcome, model,
    prompt_tokens, completion_tokens, cached_tokens, cost, metadata, created_at)
  -- Who asked may be gone by now.
  VALUES (organization, (SELECT u.id FROM users u WHERE u.id = person),
    (SELECT r.key_id FROM usage_reservations r WHERE r.organization_id = organization AND r.request_id = request),
    what, request, nth, result, used_model,
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
