import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';

/** What a wallet has of a unit. `freeLeft` and `bought` can be used, `held` is part of neither. */
export interface WalletUnit {
  unit: string;
  freePerDay: number;
  freeLeft: number;
  /** The next midnight in the wallet's time zone. */
  freeResetsAt: Date;
  bought: number;
  /** Reserved by requests in progress. */
  held: number;
  /** Used up since midnight, without what is held. */
  usedToday: number;
  /** Units of a refunded payment that were used already; what comes next pays them first. */
  owed: number;
}

interface Row extends Record<string, unknown> {
  unit: string;
  free: string;
  counted: string;
  resets: string;
  bought: string;
  held: string;
  heldFree: string;
  boughtToday: string;
  owed: string;
}

/** What a wallet has of each unit that it has a limit of, or has bought; nothing of one that is not there. */
export async function readWallet(tx: Transaction, walletId: string, at = new Date()): Promise<{ units: WalletUnit[] }> {
  const moment = sql`${at.toISOString()}::timestamptz`;
  const rows = await tx.execute<Row>(sql`
    with w as (
      select id, organization_id, time_zone, period_start('day', time_zone, ${moment}) as day, period_end('day', time_zone, ${moment}) as resets
      from wallets where id = ${walletId}
    ), open as (
      select r.* from usage_reservations r join w on r.organization_id = w.organization_id and r.wallet_id = w.id
      where r.state in ('reserved', 'started')
    )
    select u.unit, coalesce(l.amount, 0) as free, coalesce(c.used, 0) as counted, w.resets,
      credits_left(w.organization_id, w.id, u.unit, ${moment}) as bought,
      coalesce((select sum((o.amounts ->> u.unit)::bigint) from open o), 0) as held,
      coalesce((select sum((o.amounts ->> u.unit)::bigint - coalesce((o.wallet_credits ->> u.unit)::bigint, 0)) from open o
        where coalesce(o.wallet_day, o.day) = w.day), 0) as "heldFree",
      coalesce((select sum(e.debt - e.amount) from wallet_entries e
        where e.organization_id = w.organization_id and e.wallet_id = w.id and e.unit = u.unit and e.reason in ('use', 'return')
          and period_start('day', w.time_zone, e.created_at) = w.day), 0)
        - coalesce((select sum((o.wallet_credits ->> u.unit)::bigint) from open o where coalesce(o.wallet_day, o.day) = w.day), 0)
        as "boughtToday",
      coalesce((select sum(e.debt) from wallet_entries e where e.wallet_id = w.id and e.unit = u.unit and e.debt <> 0), 0) as owed
    from w
    cross join lateral (
      select l.unit from owner_limits l where l.organization_id = w.organization_id and l.owner_id = w.id and l.period = 'day'
      union select c.unit from unit_credits c where c.organization_id = w.organization_id and c.owner_id = w.id
    ) u
    left join owner_limits l on l.organization_id = w.organization_id and l.owner_id = w.id and l.unit = u.unit and l.period = 'day'
    left join usage_counters c on c.organization_id = w.organization_id and c.owner_id = w.id and c.unit = u.unit
      and c.period = 'day' and c.start = w.day
    order by u.unit`);
  const units = rows.map((row): WalletUnit => {
    const [free, counted, bought, held, heldFree, boughtToday, owed] = [
      ...[row.free, row.counted, row.bought, row.held, row.heldFree, row.boughtToday, row.owed],
    ].map(Number) as [number, number, number, number, number, number, number];
    return {
      ...{ unit: row.unit, freePerDay: free, freeLeft: Math.max(free - counted, 0) },
      ...{ freeResetsAt: new Date(row.resets), bought, held, usedToday: counted - heldFree + boughtToday, owed },
    };
  });
  return { units };
}
