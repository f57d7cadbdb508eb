-- Adds credits of a unit to an owner, or takes them, those that expire first before others. What is given back does not expire.
-- The organization's row must be locked, and the owner must have what is taken.
CREATE OR REPLACE FUNCTION change_credits(organization uuid, owner uuid, credited_unit text, change bigint, moment timestamptz)
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  missing bigint := -change;
  credit unit_credits%ROWTYPE;
BEGIN
  IF change > 0 THEN
    INSERT INTO unit_credits (organization_id, owner_id, unit, expires_at, amount)
    VALUES (organization, owner, credited_unit, 'infinity', change)
    ON CONFLICT (organization_id, owner_id, unit, expires_at) DO UPDATE SET amount = unit_credits.amount + excluded.amount;
    RETURN;
  END IF;
  FOR credit IN
    SELECT * FROM unit_credits
    WHERE organization_id = organization AND owner_id = owner AND unit = credited_unit AND expires_at > moment AND amount > 0
    ORDER BY expires_at
  LOOP
    EXIT WHEN missing <= 0;
    UPDATE unit_credits SET amount = amount - least(missing, credit.amount)
    WHERE organization_id = organization AND owner_id = owner AND unit = credited_unit AND expires_at = credit.expires_at;
    missing := missing - credit.amount;
  END LOOP;
  IF missing > 0 THEN RAISE EXCEPTION 'Take credits of "%" from "%": % are missing', credited_unit, owner, missing; END IF;
END $$;
