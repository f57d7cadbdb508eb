import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Database, Transaction } from '../../../../db/client.ts';
import { isoTime, startOfDay } from '../../../../db/utc.ts';
import type { botDetailSchema } from './bot.ts';

type Detail = z.output<typeof botDetailSchema>;
type Traffic = Pick<
  Detail,
  | 'organization'
  | 'newPeopleToday'
  | 'activePeople'
  | 'linkedPeople'
  | 'oldestUpdateAt'
  | 'waitingMessages'
  | 'failedMessages'
  | 'lastFailure'
>;
export type BotSums = Traffic & Pick<Detail, 'wallets' | 'payments'>;

/** What one bot and its people do, as sums: no row of a person leaves the database. */
export const sumsOf = (
  database: Pick<Database, 'transaction'>,
  bot: { id: string; organizationId: string },
): Promise<BotSums> =>
  database.transaction(async (tx) => ({
    ...(await trafficOf(tx, bot.id)),
    wallets: await walletsOf(tx, bot),
    payments: await paymentsOf(tx, bot.id),
  }));

async function trafficOf(tx: Transaction, id: string): Promise<Traffic> {
  const [row] = await tx.execute<Record<string, unknown>>(sql`
    select o.name as organization,
      (select count(*)::int from bot_users u
        where u.bot_id = b.id and u.created_at >= ${startOfDay}) as "newPeopleToday",
      (select count(*)::int from bot_users u where u.bot_id = b.id and u.seen_at > now() - interval '7 days') as "activePeople",
      (select count(*)::int from linked_identities l where l.bot_id = b.id) as "linkedPeople",
      (select ${isoTime(sql`min(u.received_at)`)} from bot_updates u
        where u.bot_id = b.id and u.handled_at is null) as "oldestUpdateAt",
      (select count(*)::int from telegram_messages m where m.bot_id = b.id and m.closed_at is null) as "waitingMessages",
      (select count(*)::int from telegram_messages m
        where m.bot_id = b.id and m.state = 'failed' and m.closed_at > now() - interval '1 day') as "failedMessages",
      (select jsonb_build_object('at', ${isoTime(sql`m.closed_at`)}, 'reason', m.reason)
        from telegram_messages m where m.bot_id = b.id and m.state = 'failed' and m.closed_at is not null
        order by m.closed_at desc limit 1) as "lastFailure"
    from bots b join organizations o on o.id = b.organization_id where b.id = ${id}`);
  if (!row) throw new Error(`Sum bot "${id}": it is gone`);
  return row as unknown as Traffic;
}

/** Entries of a wallet sum to what it has, so these sums are exact. */
async function walletsOf(tx: Transaction, bot: { id: string; organizationId: string }): Promise<Detail['wallets']> {
  const of = (...reasons: string[]) =>
    sql`coalesce(sum(e.amount) filter (where e.reason in (${sql.join(
      reasons.map((reason) => sql`${reason}`),
      sql`, `,
    )})), 0)::float8`;
  const rows = await tx.execute<Record<string, unknown>>(sql`
    select e.unit, ${of('payment')} as bought, ${of('grant')} as given, -${of('use', 'return')} as used,
      -${of('refund')} as refunded, -${of('expiry')} as expired, sum(e.amount)::float8 as left, sum(e.debt)::float8 as owed
    from bot_users u join wallet_entries e on e.organization_id = u.organization_id and e.wallet_id = u.wallet_id
    where u.bot_id = ${bot.id} and u.organization_id = ${bot.organizationId}
    group by e.unit order by e.unit`);
  return [...rows] as unknown as Detail['wallets'];
}

async function paymentsOf(tx: Transaction, id: string): Promise<Detail['payments']> {
  const rows = await tx.execute<Record<string, unknown>>(sql`
    select p.currency, count(*)::int as payments,
      coalesce(sum(p.amount) filter (where p.state <> 'refunded'), 0)::float8 as amount,
      coalesce(sum(p.amount) filter (where p.state = 'refunded'), 0)::float8 as refunded
    from telegram_payments p where p.bot_id = ${id} group by p.currency order by p.currency`);
  return [...rows] as unknown as Detail['payments'];
}
