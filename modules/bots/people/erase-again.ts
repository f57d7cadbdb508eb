import { and, eq, lte } from 'drizzle-orm';
import { createDatabase, type Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { readings } from '../../../db/schema/bots/readings.ts';
import type { RestoredData, Verdict } from '../../../platform/kernel/composition.ts';
import { eraseUser } from './erase-user.ts';
import { toBotUser } from './open-user.ts';

/** Erases from a restored database the people of bots who had asked for it after the moment that it is as of. */
export async function eraseAgain({ databaseUrl, erased }: RestoredData): Promise<Verdict> {
  const people = erased.filter(({ kind }) => kind === 'bot-user');
  if (people.length === 0) return { state: 'ok', detail: 'none had asked to be forgotten' };
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect restore' });
  try {
    let count = 0;
    for (const { id, at } of people) count += await database.transaction((tx) => eraseOne(tx, id, at));
    return { state: 'ok', detail: `${count} erased again` };
  } finally {
    await database.close();
  }
}

/** Who came back after it has the same id, and is there of their own will. */
async function eraseOne(tx: Transaction, id: string, at: Date | undefined): Promise<number> {
  const [row] = await tx
    .select()
    .from(botUsers)
    .where(and(eq(botUsers.id, id), at && lte(botUsers.createdAt, at)));
  if (!row) return 0;
  await tx.delete(readings).where(eq(readings.botUserId, id));
  await eraseUser(tx, toBotUser({ ...row, accountId: undefined }));
  return 1;
}
