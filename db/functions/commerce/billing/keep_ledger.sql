CREATE OR REPLACE FUNCTION keep_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Change %: what was booked stays', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
