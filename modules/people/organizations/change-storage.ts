import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { updateOrganization } from './update.ts';

/** Adds to the bytes that an organization's documents take; a negative number gives some back. */
export async function changeStorage(tx: Transaction, id: string, bytes: number): Promise<void> {
  await updateOrganization(tx, id, { storageUsed: sql`greatest(${organizations.storageUsed} + ${bytes}, 0)` });
}
