import { inArray } from 'drizzle-orm';
import { createDatabase } from '../../../db/client.ts';
import { users } from '../../../db/schema/people/users.ts';
import type { RestoredData, Verdict } from '../../../platform/kernel/composition.ts';

/** Removes from a restored database who had been removed, or had left, after the moment that it is as of. */
export async function removeAgain({ databaseUrl, erased }: RestoredData): Promise<Verdict> {
  const ids = erased.flatMap(({ kind, id }) => (kind === 'user' ? [id] : []));
  if (ids.length === 0) return { state: 'ok', detail: 'none had been removed' };
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect restore' });
  try {
    const removed = await database.transaction((tx) =>
      tx.delete(users).where(inArray(users.id, ids)).returning({ id: users.id }),
    );
    return { state: 'ok', detail: `${removed.length} removed again` };
  } finally {
    await database.close();
  }
}
