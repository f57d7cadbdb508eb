-- Ends one call of the gateway that ran out. Returns the state that it ended in.
CREATE OR REPLACE FUNCTION expire_call(organization uuid, request uuid, moment timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM settle_calls(organization, jsonb_build_array(jsonb_build_object('id', request, 'ending', 'expired')), moment);
  RETURN (SELECT r.state FROM usage_reservations r WHERE r.organization_id = organization AND r.request_id = request);
END $$;
