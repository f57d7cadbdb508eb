-- Ends a request as `end_units` does, for those who tell people of no budgets. Returns the state that the request ended in.
CREATE OR REPLACE FUNCTION close_units(
  organization uuid, request uuid, ending text, attempts jsonb, used_amounts jsonb DEFAULT NULL, moment timestamptz DEFAULT now())
RETURNS text LANGUAGE sql AS $$
  SELECT end_units(organization, request, ending, attempts, used_amounts, moment) ->> 'state'
$$;
