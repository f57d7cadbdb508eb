-- A provider is called for a request: the attempt's number. The model of the attempt before and what is known of it, when that one
-- produced nothing.
CREATE OR REPLACE FUNCTION begin_attempt(organization uuid, request uuid, failed jsonb DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  reservation usage_reservations%ROWTYPE;
BEGIN
  PERFORM set_config('app.organization_id', organization::text, true);
  UPDATE usage_reservations
  SET attempts = attempts + 1, state = CASE state WHEN 'reserved' THEN 'started' ELSE state END
  WHERE organization_id = organization AND request_id = request
  RETURNING * INTO reservation;
  IF NOT FOUND THEN RAISE EXCEPTION 'Start request "%": it was never admitted', request; END IF;
  IF failed IS NOT NULL THEN
    PERFORM write_usage(organization, reservation.user_id, reservation.action, request, reservation.attempts - 1, 'failed', failed ->> 'model',
      0, 0, 0, 0, failed -> 'metadata', reservation.created_at);
  END IF;
  RETURN reservation.attempts;
END $$;
