-- Kept for processes of the release before, see `begin_attempt`.
CREATE OR REPLACE FUNCTION start_attempt(organization uuid, request uuid, failed_model text DEFAULT NULL)
RETURNS integer LANGUAGE sql AS $$
  SELECT begin_attempt(organization, request,
    CASE WHEN failed_model IS NOT NULL THEN jsonb_build_object('model', failed_model, 'metadata', '{}'::jsonb) END)
$$;
