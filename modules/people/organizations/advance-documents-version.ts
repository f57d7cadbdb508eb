import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { updateOrganization } from './update.ts';

/** Counts a change of what an organization's searches find, so that no cached answer of before is used. */
export async function advanceDocumentsVersion(tx: Transaction, id: string): Promise<void> {
  await updateOrganization(tx, id, { documentsVersion: sql`${organizations.documentsVersion} + 1` });
}
