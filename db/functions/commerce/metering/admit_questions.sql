-- Reserves one question for each request. Kept for processes of the release before, which call it while the database is newer than
-- they are; it goes in the release after this one.
CREATE OR REPLACE FUNCTION admit_questions(organization uuid, requests jsonb, tokens_per_minute jsonb, seconds_open integer, given timestamptz DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  outcome jsonb := reserve_units(organization, NULL,
    (SELECT jsonb_agg(one || '{"action": "ai_query", "amounts": {"question": 1}}' ORDER BY nth)
     FROM jsonb_array_elements(requests) WITH ORDINALITY AS r(one, nth)),
    tokens_per_minute, seconds_open, given);
BEGIN
  IF outcome ? 'refused' THEN RETURN outcome; END IF;
  RETURN jsonb_build_object(
    'at', outcome -> 'at',
    'plan', outcome -> 'plan' || jsonb_build_object(
      'questionsPerDay', outcome -> 'dayLimits' -> 0, 'questionsPerMonth', outcome -> 'monthLimits' -> 0),
    'documentsVersion', outcome -> 'documentsVersion',
    'decisions', (
      SELECT jsonb_agg(jsonb_build_object('refusal', one -> 'refusal', 'day', one -> 'day' -> 0, 'month', one -> 'month' -> 0) ORDER BY nth)
      FROM jsonb_array_elements(outcome -> 'decisions') WITH ORDINALITY AS d(one, nth)));
END $$;
