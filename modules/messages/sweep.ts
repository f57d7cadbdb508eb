import type { Database } from '../../db/client.ts';
import { daysBefore, removeBefore } from '../../db/remove-before.ts';
import { notifications } from '../../db/schema/messages/notifications.ts';

/** As long as jobs that failed for good wait for somebody to look at them. */
const LETTER_DAYS = 90;

/** Removes letters that no one looks at any more. @returns rows */
export const sweepLetters = (database: Database, now: Date): Promise<number> =>
  removeBefore(database, notifications, notifications.createdAt, daysBefore(now, LETTER_DAYS));
