import { sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { startOfDay } from '../../../../db/utc.ts';

export interface BotCounts {
  people: number;
  blocked: number;
  waitingUpdates: number;
  readingsToday: number;
}

export const noCounts: BotCounts = { people: 0, blocked: 0, waitingUpdates: 0, readingsToday: 0 };

/** People, updates and readings of bots, by their ids. */
export async function countsOf(
  database: Pick<Database, 'transaction'>,
  ids: readonly string[],
): Promise<Map<string, BotCounts>> {
  if (ids.length === 0) return new Map();
  const rows = await database.transaction((tx) =>
    tx.execute<Record<string, unknown>>(sql`
      select b.id,
        (select count(*)::int from bot_users u where u.bot_id = b.id) as people,
        (select count(*)::int from bot_users u where u.bot_id = b.id and u.blocked_at is not null) as blocked,
        (select count(*)::int from bot_updates u where u.bot_id = b.id and u.handled_at is null) as "waitingUpdates",
        (select count(*)::int from readings r join bot_users u on u.id = r.bot_user_id
          where u.bot_id = b.id and r.created_at >= ${startOfDay}) as "readingsToday"
      from bots b where b.id = any(${sql.param([...ids])}::uuid[])`),
  );
  return new Map([...rows].map(({ id, ...counts }) => [String(id), counts as unknown as BotCounts]));
}
