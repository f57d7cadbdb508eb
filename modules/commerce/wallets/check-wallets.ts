import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';

/** Something about wallets or their payments that must not be, or that somebody has to look at. */
export interface WalletDiscrepancy {
  check: string;
  /** A wallet, with its unit or request; or a charge. */
  subject: string;
  detail: string;
}

/** The sweep ends what has expired every ten minutes. */
const LATE_MINUTES = 30;

/**
 * Looks through all wallets, their entries, holds and payments for what contradicts itself; changes nothing. It wants a role that sees
 * every organization.
 */
export async function checkWallets(tx: Transaction): Promise<WalletDiscrepancy[]> {
  const rows = await tx.execute(sql`
    with entries as (
      select wallet_id, unit, sum(amount) as amount, sum(debt) as debt from wallet_entries group by 1, 2
    ), credits as (
      select c.owner_id as wallet_id, c.unit, sum(c.amount) as amount
      from unit_credits c join wallets w on w.id = c.owner_id group by 1, 2
    ), holds as (
      select r.organization_id, r.wallet_id, r.request_id, c.key as unit, r.state, r.expires_at,
        case when r.state in ('reserved', 'started', 'settled') then c.value::bigint else 0 end as amount
      from usage_reservations r, jsonb_each_text(r.wallet_credits) c where r.wallet_id is not null
    )
    select 'balance' as "check", coalesce(e.wallet_id, c.wallet_id) || ' ' || coalesce(e.unit, c.unit) as subject,
        'its entries sum to ' || coalesce(e.amount, 0) || ', and it has ' || coalesce(c.amount, 0) as detail
      from (select e.* from entries e join wallets w on w.id = e.wallet_id) e full join credits c using (wallet_id, unit)
      where coalesce(e.amount, 0) <> coalesce(c.amount, 0)
    union all
    select 'negative', wallet_id || ' ' || unit, 'its balance is ' || amount || ', and it owes ' || debt
      from entries where amount < 0 or debt < 0
    union all
    select 'negative', owner_id || ' ' || unit, 'used of the ' || period || ' from ' || start || ' are ' || used
      from usage_counters where used < 0
    union all
    select 'held-by-entries', h.wallet_id || ' ' || h.unit || ' ' || h.request_id,
        'it is ' || h.state || ' with ' || h.amount || ', and its entries took ' || coalesce(sum(e.debt - e.amount), 0)
      from holds h left join wallet_entries e on e.wallet_id = h.wallet_id and e.unit = h.unit
        and e.reason in ('use', 'return') and e.reference = h.request_id::text
      group by h.wallet_id, h.unit, h.request_id, h.state, h.amount having coalesce(sum(e.debt - e.amount), 0) <> h.amount
    union all
    select 'hold-without-work', wallet_id || ' ' || request_id, 'it should have ended at ' || to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
      from usage_reservations
      where wallet_id is not null and state in ('reserved', 'started') and expires_at < now() - make_interval(mins => ${LATE_MINUTES})
    union all
    select 'credited-once', p.bot_id || ' ' || p.charge_id, 'it is ' || p.state || ', and ' || count(e.id) || ' entries credit it'
      from telegram_payments p
      left join wallet_entries e on e.reason = 'payment' and e.reference = 'telegram ' || p.bot_id || ' ' || p.charge_id
      group by p.bot_id, p.charge_id, p.state, p.mismatch, p.units
      having count(e.id) <> case when p.mismatch is null then 1 else 0 end or p.mismatch is null and sum(e.amount - e.debt) <> p.units
    union all
    select 'to-be-paid-back', bot_id || ' ' || charge_id, 'it is ' || state || coalesce(': ' || mismatch, '')
      from telegram_payments where state in ('mismatch', 'refunding')
    union all
    select 'stars', coalesce(l.organization_id, p.organization_id)::text,
        'the ledger says ' || coalesce(l.amount, 0) || ', payments ' || coalesce(p.amount, 0)
      from (select organization_id, sum(amount) as amount from ledger_entries where account = 'stars' group by 1) l
      full join (
        select organization_id, sum(amount) as amount from telegram_payments where currency = 'XTR' and state <> 'refunded' group by 1
      ) p using (organization_id)
      where coalesce(l.amount, 0) <> coalesce(p.amount, 0)
    order by 1, 2`);
  return (rows as unknown as WalletDiscrepancy[]).map(({ check, subject, detail }) => ({ check, subject, detail }));
}
