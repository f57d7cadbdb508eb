import type { Database } from '../../db/client.ts';
import { removeBefore } from '../../db/remove-before.ts';
import { conversations } from '../../db/schema/legal/conversations.ts';

/** Each takes all of its messages along. */
const BATCH = 200;

/** Removes conversations whose last question lies before a time; without one, none. @returns rows */
export const sweepConversations = (database: Database, before: Date | undefined): Promise<number> =>
  removeBefore(database, conversations, conversations.updatedAt, before, BATCH);
