-- Kept for processes of the release before, see `admit_questions`.
CREATE OR REPLACE FUNCTION close_question(organization uuid, request uuid, ending text, attempts jsonb, moment timestamptz DEFAULT now())
RETURNS text LANGUAGE sql AS $$
  SELECT close_units(organization, request, ending, attempts, NULL, moment)
$$;
