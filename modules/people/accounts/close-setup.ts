import type { Database, Transaction } from '../../../db/client.ts';
import { setup } from '../../../db/schema/people/setup.ts';

/** Whether the platform has never had an organization. */
export const isSetupOpen = (database: Database): Promise<boolean> =>
  database.transaction(async (tx) => (await tx.$count(setup)) === 0);

/**
 * For whatever adds an organization: the platform is not empty any more, and never will be. Of those that do it at once, the second waits for
 * the first.
 * @returns whether it was empty until now
 */
export async function closeSetup(tx: Transaction): Promise<boolean> {
  const closed = await tx.insert(setup).values({}).onConflictDoNothing().returning();
  return closed.length > 0;
}
