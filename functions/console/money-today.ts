import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { startOfDay } from '../../db/utc.ts';

/** Money of one day in one currency; `paid` by customers, `spent` on models. */
export interface DayMoney {
  currency: string;
  /** Decimal, in whole units of the currency. */
  amount: string;
  what: 'paid' | 'spent';
}

/** What was paid and spent since midnight, by UTC. */
export async function moneyToday(database: Pick<Database, 'transaction'>): Promise<DayMoney[]> {
  return database.transaction(async (tx) => {
    const rows = await tx.execute<{ currency: string; amount: string; what: DayMoney['what'] }>(sql`
      select currency, (sum(amount) / 100.0)::numeric(20, 2)::text as amount, 'paid' as what
      from payments where state = 'succeeded' and closed_at >= ${startOfDay} group by currency
      union all
      select 'RUB', sum(cost)::text, 'spent' from usage_logs where created_at >= ${startOfDay} having sum(cost) > 0`);
    return [...rows].map(({ currency, amount, what }) => ({ currency, amount, what }));
  });
}
