-- Kept for processes of the release before, see `admit_questions`.
CREATE OR REPLACE FUNCTION start_question(organization uuid, request uuid, failed_model text DEFAULT NULL)
RETURNS integer LANGUAGE sql AS $$
  SELECT start_attempt(organization, request, failed_model)
$$;
