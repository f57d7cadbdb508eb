-- The wallet of this kind and reference, made when there is none, with these limits: units a day by unit. It moves to another time
-- zone once in 24 hours at most. Tenants may set no limits, so a function of the owner does it, for wallets of their organization alone.
CREATE OR REPLACE FUNCTION open_wallet(organization uuid, wallet_kind text, wallet_reference text, zone text, free jsonb, moment timestamptz DEFAULT now())
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wallet uuid;
BEGIN
  IF organization IS DISTINCT FROM nullif(current_setting('app.organization_id', true), '')::uuid THEN
    RAISE EXCEPTION 'Open wallet: it is of another organization' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Refuses what is no zone before anything counts by it.
  PERFORM moment AT TIME ZONE zone;
  INSERT INTO wallets (organization_id, kind, reference, time_zone) VALUES (organization, wallet_kind, wallet_reference, zone)
  ON CONFLICT (organization_id, kind, reference) DO NOTHING RETURNING id INTO wallet;
  IF wallet IS NULL THEN
    UPDATE wallets w SET time_zone = zone, zone_changed_at = moment
    WHERE w.organization_id = organization AND w.kind = wallet_kind AND w.reference = wallet_reference
      AND w.time_zone <> zone AND (w.zone_changed_at IS NULL OR w.zone_changed_at <= moment - interval '24 hours');
    SELECT w.id INTO wallet FROM wallets w WHERE w.organization_id = organization AND w.kind = wallet_kind AND w.reference = wallet_reference;
  END IF;
  INSERT INTO owner_limits AS l (organization_id, owner_id, unit, period, amount)
  SELECT organization, wallet, f.key, 'day', f.value::bigint FROM jsonb_each_text(free) f
  ON CONFLICT (organization_id, owner_id, unit, period) DO UPDATE SET amount = excluded.amount WHERE l.amount <> excluded.amount;
  RETURN wallet;
END $$;

REVOKE EXECUTE ON FUNCTION open_wallet(uuid, text, text, text, jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_wallet(uuid, text, text, text, jsonb, timestamptz) TO pandect_tenant;
