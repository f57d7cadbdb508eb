import type { Database } from '../../db/client.ts';
import { daysBefore, removeBefore } from '../../db/remove-before.ts';
import { conversations } from '../../db/schema/legal/conversations.ts';

/** Removes conversations without a question for so many days; undefined keeps all. @returns rows */
export const sweepConversations = (database: Database, days: number | undefined, now: Date): Promise<number> =>
  removeBefore(database, conversations, conversations.updatedAt, daysBefore(now, days));
