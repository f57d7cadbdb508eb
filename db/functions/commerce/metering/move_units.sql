-- Adds bought units to a wallet, or takes them, and writes the entry of it. What is added pays what the wallet owes first. What is taken
-- and not there is owed, except by a request, which takes only what there is. Returns false, and changes nothing, when this reason has
-- had the reference before, or the organization is gone.
CREATE OR REPLACE FUNCTION move_units(
  organization uuid, wallet uuid, moved_unit text, change bigint, entry_reason text, entry_reference text, moment timestamptz,
  until timestamptz DEFAULT 'infinity', entry_actor text DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  owed bigint := 0;
  moved bigint;
  entry_nth integer := 1;
BEGIN
  PERFORM FROM organizations WHERE id = organization FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  IF change > 0 THEN
    SELECT coalesce(sum(e.debt), 0) INTO owed FROM wallet_entries e WHERE e.wallet_id = wallet AND e.unit = moved_unit AND e.debt <> 0;
    owed := -least(owed, change);
    moved := change + owed;
  ELSE
    moved := -least(-change, credits_left(organization, wallet, moved_unit, moment));
    owed := moved - change;
    IF owed <> 0 AND entry_reason = 'use' THEN RAISE EXCEPTION 'Take credits of "%" from "%": % are missing', moved_unit, wallet, owed; END IF;
  END IF;
  IF entry_reason IN ('use', 'return') THEN
    SELECT count(*) + 1 INTO entry_nth FROM wallet_entries e
    WHERE e.wallet_id = wallet AND e.unit = moved_unit AND e.reason = entry_reason AND e.reference = entry_reference;
  END IF;
  INSERT INTO wallet_entries (organization_id, wallet_id, unit, reason, reference, nth, amount, debt, actor)
  VALUES (organization, wallet, moved_unit, entry_reason, entry_reference, entry_nth, moved, owed, entry_actor)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  IF moved < 0 THEN PERFORM change_credits(organization, wallet, moved_unit, moved, moment);
  ELSIF moved > 0 THEN
    INSERT INTO unit_credits (organization_id, owner_id, unit, expires_at, amount) VALUES (organization, wallet, moved_unit, until, moved)
    ON CONFLICT (organization_id, owner_id, unit, expires_at) DO UPDATE SET amount = unit_credits.amount + excluded.amount;
  END IF;
  RETURN true;
END $$;
