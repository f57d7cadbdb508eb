-- Keeps counters of questions equal in both tables, whichever is written: processes of the release before know the older one alone. It
-- goes with them in the release after this one.
CREATE OR REPLACE FUNCTION mirror_question_counters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'usage_counters' THEN
    INSERT INTO question_counters (organization_id, period, start, used) VALUES (NEW.organization_id, NEW.period, NEW.start, NEW.used)
    ON CONFLICT (organization_id, period, start) DO UPDATE SET used = excluded.used;
  ELSE
    INSERT INTO usage_counters (organization_id, owner_id, unit, period, start, used)
    VALUES (NEW.organization_id, NEW.organization_id, 'question', NEW.period, NEW.start, NEW.used)
    ON CONFLICT (organization_id, owner_id, unit, period, start) DO UPDATE SET used = excluded.used;
  END IF;
  RETURN NULL;
END $$;
