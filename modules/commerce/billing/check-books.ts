import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';

/** Something in the books that must not be. */
export interface Discrepancy {
  check: string;
  /** The id or number of what it is about. */
  subject: string;
  detail: string;
}

/**
 * Looks through all invoices, payments and entries of the ledger for what contradicts itself; nothing is changed. It wants a
 * role that sees every organization. Constraints keep most of this from happening at all; this finds what got past them.
 */
export async function checkBooks(tx: Transaction): Promise<Discrepancy[]> {
  const rows = await tx.execute(sql`
    select 'transaction-balance' as "check", t.id::text as subject,
        'its entries sum to ' || coalesce(sum(e.amount)::text, 'nothing') as detail
      from ledger_transactions t left join ledger_entries e on e.transaction_id = t.id
      group by t.id having sum(e.amount) is distinct from 0
    union all
    select 'receivable', coalesce(l.organization_id, i.organization_id)::text,
        'the ledger says ' || coalesce(l.amount, 0) || ', open invoices ' || coalesce(i.amount, 0)
      from (select organization_id, sum(amount) as amount from ledger_entries where account = 'receivable' group by 1) l
      full join (select organization_id, sum(total) as amount from invoices where state = 'open' group by 1) i using (organization_id)
      where coalesce(l.amount, 0) <> coalesce(i.amount, 0)
    union all
    select 'surplus', coalesce(l.organization_id, p.organization_id)::text,
        'the ledger says ' || coalesce(-l.amount, 0) || ', payments ' || coalesce(p.amount, 0)
      from (select organization_id, sum(amount) as amount from ledger_entries where account = 'surplus' group by 1) l
      full join (select organization_id, sum(amount) as amount from payments where state = 'surplus' group by 1) p using (organization_id)
      where coalesce(-l.amount, 0) <> coalesce(p.amount, 0)
    union all
    select 'paid-once', i.number,
        'it is ' || i.state || ', and ' || count(p.id) || ' payments succeeded over ' || coalesce(sum(p.amount), 0) || ' of ' || i.total
      from invoices i left join payments p on p.invoice_id = i.id and p.state = 'succeeded'
      group by i.id having count(p.id) <> (case i.state when 'paid' then 1 else 0 end)
        or (i.state = 'paid' and (sum(p.amount) <> i.total or bool_or(p.currency <> i.currency)))
    union all
    select 'lines', number, 'its lines do not come to its total'
      from invoices where total <> (select sum((line ->> 'amount')::bigint) from jsonb_array_elements(lines) line)
    union all
    select 'booked', due.reference, 'no ' || due.kind || ' of it stands in the ledger'
      from (
        select 'invoice' as kind, id::text as reference from invoices
        union all select 'void', id::text from invoices where state = 'void'
        union all select 'payment', id::text from payments where state in ('succeeded', 'surplus')
      ) due
      where not exists (select 1 from ledger_transactions t where t.kind = due.kind and t.reference = due.reference)
    union all
    select 'numbers', n.year::text, n.last || ' numbers were given, and ' || count(i.id) || ' invoices have one'
      from invoice_numbers n left join invoices i on i.number like n.year || '-%'
      group by n.year, n.last having count(i.id) <> n.last
    order by 1, 2`);
  return (rows as unknown as Discrepancy[]).map(({ check, subject, detail }) => ({ check, subject, detail }));
}
