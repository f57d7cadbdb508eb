-- Checked when the transaction commits, so that its entries may be written one by one.
CREATE OR REPLACE FUNCTION balance_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  transaction uuid := CASE TG_TABLE_NAME WHEN 'ledger_entries' THEN (to_jsonb(NEW) ->> 'transaction_id')::uuid ELSE (to_jsonb(NEW) ->> 'id')::uuid END;
  difference bigint;
  currencies integer;
BEGIN
  SELECT sum(amount), count(DISTINCT starts_with(account, 'stars')) INTO difference, currencies FROM ledger_entries WHERE transaction_id = transaction;
  IF currencies > 1 THEN
    RAISE EXCEPTION 'Book transaction "%": its entries are in roubles and in Stars', transaction USING ERRCODE = 'check_violation';
  END IF;
  IF difference IS DISTINCT FROM 0 THEN
    RAISE EXCEPTION 'Book transaction "%": its entries sum to %', transaction, difference USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
