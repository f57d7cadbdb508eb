import { and, isNull, lt, not, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { botUpdates } from '../../db/schema/bots/bot-updates.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';
import { hasPendingJob } from '../../platform/capabilities/queue/pgboss/has-job.ts';
import { chatJob } from './jobs.ts';

/** Of one look. */
const MOST = 500;

/** Gives chats another job that have open updates and none, such as those whose job failed for good. @returns how many */
export const watchChats = ({ database, queue }: { database: Database; queue: Queue }): Promise<number> =>
  database.transaction(async (tx) => {
    const { organizationId, botId, chatId } = botUpdates;
    const isLost = not(hasPendingJob(chatJob, { botId, chatId }));
    const isOld = lt(botUpdates.receivedAt, sql`now() - interval '30 seconds'`);
    const lost = await tx
      .selectDistinct({ organizationId, botId, chatId })
      .from(botUpdates)
      .where(and(isNull(botUpdates.handledAt), isOld, isLost))
      .limit(MOST);
    for (const chat of lost)
      await queue.send(tx, chatJob, { kind: 'chat', ...chat }, { singleton: `${chat.botId}:${chat.chatId}` });
    return lost.length;
  });

/** So long the number of an update is kept, and what it says if it was never handled. */
const KEPT_DAYS = 30;

/** Forgets old updates. Telegram sends none again after a day. @returns how many */
export const sweepUpdates = async (database: Database, now: Date): Promise<number> => {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  const gone = await database.transaction((tx) =>
    tx.delete(botUpdates).where(lt(botUpdates.receivedAt, before)).returning({ id: botUpdates.updateId }),
  );
  return gone.length;
};
