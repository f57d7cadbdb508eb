import { lt } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { daysBefore, removeBefore } from '../../db/remove-before.ts';
import { notifications } from '../../db/schema/messages/notifications.ts';
import { telegramFiles } from '../../db/schema/messages/telegram-files.ts';
import { telegramMessages } from '../../db/schema/messages/telegram-messages.ts';
import { telegramPauses } from '../../db/schema/messages/telegram-pauses.ts';

/** As long as jobs that failed for good wait for somebody to look at them. */
const LETTER_DAYS = 90;

/** Removes letters that no one looks at any more. @returns rows */
export const sweepLetters = (database: Database, now: Date): Promise<number> =>
  removeBefore(database, notifications, notifications.createdAt, daysBefore(now, LETTER_DAYS));

/** So long a message in Telegram may still be changed by a later step; one that could not be sent since then is of no use. */
const TELEGRAM_DAYS = 14;
/** What is sent again later is uploaded again. */
const FILE_DAYS = 60;

/** Removes what bots sent, pauses that are over, and ids of files that were uploaded long ago. @returns messages */
export async function sweepTelegram(database: Database, now: Date): Promise<number> {
  await database.transaction(async (tx) => {
    await tx.delete(telegramPauses).where(lt(telegramPauses.until, now));
    await tx
      .delete(telegramFiles)
      .where(lt(telegramFiles.createdAt, new Date(now.getTime() - FILE_DAYS * 24 * 3_600_000)));
  });
  return removeBefore(database, telegramMessages, telegramMessages.createdAt, daysBefore(now, TELEGRAM_DAYS));
}
