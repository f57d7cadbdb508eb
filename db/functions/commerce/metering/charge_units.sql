-- Moves counters and credits from what a reservation holds to what it comes to; nothing is held by one that was given back. What is
-- given back goes to the credits first. What is charged late is taken from the same credits while there are enough, else it counts.
-- Returns the reservation with the credits that it took then; those of one that is given back stay known for a late settlement.
CREATE OR REPLACE FUNCTION charge_units(reservation usage_reservations, amounts jsonb, moment timestamptz)
RETURNS usage_reservations LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  is_open boolean := reservation.state IN ('reserved', 'started');
  own_credits jsonb := coalesce(reservation.credits, CASE reservation.source WHEN 'credit' THEN reservation.amounts ELSE '{}' END);
  owner uuid;
  held_unit text;
  amount bigint;
  reserved bigint;
  by_credit bigint;
  held_credit bigint;
  change bigint;
BEGIN
  FOR owner, held_unit IN
    SELECT o.owner, u.unit
    FROM unnest(array_remove(ARRAY[reservation.organization_id, reservation.wallet_id], NULL)) WITH ORDINALITY AS o(owner, nth),
      jsonb_object_keys(reservation.amounts || amounts) AS u(unit)
    ORDER BY o.nth, u.unit
  LOOP
    amount := coalesce((amounts ->> held_unit)::bigint, 0);
    reserved := coalesce((reservation.amounts ->> held_unit)::bigint, 0);
    by_credit := coalesce((CASE WHEN owner = reservation.organization_id THEN own_credits ELSE reservation.wallet_credits END ->> held_unit)::bigint, 0);
    IF is_open THEN
      held_credit := by_credit;
      by_credit := least(by_credit, greatest(amount - (reserved - held_credit), 0));
      change := amount - by_credit - (reserved - held_credit);
    ELSE
      held_credit := 0;
      by_credit := least(by_credit, amount);
      IF by_credit > credits_left(reservation.organization_id, owner, held_unit, moment) THEN by_credit := 0; END IF;
      change := amount - by_credit;
    END IF;
    IF change <> 0 THEN
      INSERT INTO usage_counters (organization_id, owner_id, unit, period, start, used)
      SELECT reservation.organization_id, owner, held_unit, p.period, CASE owner WHEN reservation.organization_id THEN p.own ELSE p.of_wallet END,
        greatest(change, 0)
      FROM (VALUES
        ('day', reservation.day, coalesce(reservation.wallet_day, reservation.day)),
        ('month', reservation.month, coalesce(reservation.wallet_month, reservation.month))) AS p(period, own, of_wallet)
      ON CONFLICT (organization_id, owner_id, unit, period, start) DO UPDATE SET used = greatest(usage_counters.used + change, 0);
    END IF;
    IF by_credit = held_credit THEN NULL;
    ELSIF owner = reservation.organization_id THEN
      PERFORM change_credits(owner, owner, held_unit, held_credit - by_credit, moment);
    ELSE
      PERFORM move_units(reservation.organization_id, owner, held_unit, held_credit - by_credit,
        CASE WHEN by_credit > held_credit THEN 'use' ELSE 'return' END, reservation.request_id::text, moment);
    END IF;
    CONTINUE WHEN amounts = '{}';
    IF owner = reservation.organization_id THEN
      own_credits := own_credits - held_unit || CASE by_credit WHEN 0 THEN '{}' ELSE jsonb_build_object(held_unit, by_credit) END;
    ELSE
      reservation.wallet_credits := reservation.wallet_credits - held_unit || CASE by_credit WHEN 0 THEN '{}' ELSE jsonb_build_object(held_unit, by_credit) END;
    END IF;
  END LOOP;
  reservation.credits := own_credits;
  reservation.source := CASE own_credits WHEN '{}' THEN 'plan' ELSE 'credit' END;
  RETURN reservation;
END $$;
