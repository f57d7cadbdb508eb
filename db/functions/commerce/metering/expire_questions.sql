-- Kept for processes of the release before, see `admit_questions`.
CREATE OR REPLACE FUNCTION expire_questions(moment timestamptz, most integer)
RETURNS TABLE (state text, questions bigint) LANGUAGE sql AS $$
  SELECT * FROM expire_units(moment, most)
$$;
