-- Credits of a unit that an owner has at a moment.
CREATE OR REPLACE FUNCTION credits_left(organization uuid, owner uuid, credited_unit text, moment timestamptz)
RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(c.amount), 0)::bigint FROM unit_credits c
  WHERE c.organization_id = organization AND c.owner_id = owner AND c.unit = credited_unit AND c.expires_at > moment
$$;
