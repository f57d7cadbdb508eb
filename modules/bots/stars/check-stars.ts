import type { Database } from '../../../db/client.ts';
import { bots } from '../../../db/schema/bots/bots.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { starsJob } from '../jobs.ts';

/** Adds a job for each bot that compares its Stars with Telegram's list. @param database as the platform's role */
export const checkStars = ({ database, queue }: { database: Database; queue: Queue }): Promise<number> =>
  database.transaction(async (tx) => {
    const rows = await tx.select({ botId: bots.id, organizationId: bots.organizationId }).from(bots);
    for (const row of rows) await queue.send(tx, starsJob, { kind: 'stars', ...row });
    return rows.length;
  });
