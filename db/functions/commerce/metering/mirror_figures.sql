-- Keeps limits equal to the columns that held them before: processes of the release before write those alone. It goes with them in
-- the release after this one.
CREATE OR REPLACE FUNCTION mirror_figures() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  figure record;
BEGIN
  FOR figure IN
    SELECT * FROM (VALUES
      ('question', 'day', NEW.questions_per_day::bigint), ('question', 'month', NEW.questions_per_month::bigint),
      ('question', 'concurrent', NEW.concurrent_questions::bigint), ('document', 'held', NEW.documents::bigint),
      ('byte', 'held', NEW.storage_bytes), ('user', 'held', NEW.users::bigint)
    ) AS f(unit, period, amount)
  LOOP
    IF TG_TABLE_NAME = 'subscription_plans' THEN
      INSERT INTO plan_limits (tier, unit, period, amount) VALUES (NEW.tier, figure.unit, figure.period, figure.amount)
      ON CONFLICT (tier, unit, period) DO UPDATE SET amount = excluded.amount;
    ELSIF figure.amount IS NULL THEN
      DELETE FROM owner_limits
      WHERE organization_id = NEW.organization_id AND owner_id = NEW.organization_id AND unit = figure.unit AND period = figure.period;
    ELSE
      INSERT INTO owner_limits (organization_id, owner_id, unit, period, amount)
      VALUES (NEW.organization_id, NEW.organization_id, figure.unit, figure.period, figure.amount)
      ON CONFLICT (organization_id, owner_id, unit, period) DO UPDATE SET amount = excluded.amount, until = NULL;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
