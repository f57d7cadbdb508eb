-- Books Stars that a bot got or paid back, once for each kind and reference. Tenants may not write the ledger, so a function of the owner
-- does it, for their organization and the accounts of Stars alone.
CREATE OR REPLACE FUNCTION book_stars(organization uuid, booked_kind text, booked_reference text, stars bigint, counter_account text, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  booked uuid;
BEGIN
  IF organization IS DISTINCT FROM nullif(current_setting('app.organization_id', true), '')::uuid OR stars <= 0
    OR booked_kind NOT IN ('stars', 'stars-refund') OR counter_account NOT IN ('stars-sales', 'stars-surplus') THEN
    RAISE EXCEPTION 'Book Stars: not of this organization, or not Stars' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO ledger_transactions (organization_id, kind, reference, at) VALUES (organization, booked_kind, booked_reference, moment)
  ON CONFLICT (kind, reference) DO NOTHING RETURNING id INTO booked;
  IF booked IS NULL THEN RETURN false; END IF;
  IF booked_kind = 'stars-refund' THEN stars := -stars; END IF;
  INSERT INTO ledger_entries (transaction_id, position, organization_id, account, amount)
  VALUES (booked, 0, organization, 'stars', stars), (booked, 1, organization, counter_account, -stars);
  RETURN true;
END $$;

REVOKE EXECUTE ON FUNCTION book_stars(uuid, text, text, bigint, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION book_stars(uuid, text, text, bigint, text, timestamptz) TO pandect_tenant, pandect_platform;
