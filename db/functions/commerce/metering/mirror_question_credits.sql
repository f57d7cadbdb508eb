-- Keeps bought questions equal in both places, whichever is written: processes of the release before know the organization's column
-- alone. It goes with them in the release after this one.
CREATE OR REPLACE FUNCTION mirror_question_credits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  organization uuid;
  change bigint;
BEGIN
  IF TG_TABLE_NAME = 'unit_credits' THEN
    organization := coalesce(NEW.organization_id, OLD.organization_id);
    change := coalesce(NEW.amount, 0) - coalesce(OLD.amount, 0);
    UPDATE organizations SET question_credits = greatest(question_credits + change, 0) WHERE id = organization AND change <> 0;
  ELSE
    change := NEW.question_credits - coalesce(OLD.question_credits, 0);
    INSERT INTO unit_credits (organization_id, owner_id, unit, expires_at, amount)
    VALUES (NEW.id, NEW.id, 'question', 'infinity', greatest(change, 0))
    ON CONFLICT (organization_id, owner_id, unit, expires_at) DO UPDATE SET amount = greatest(unit_credits.amount + change, 0);
  END IF;
  RETURN NULL;
END $$;
