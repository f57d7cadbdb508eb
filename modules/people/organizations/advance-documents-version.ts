import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';

/** Counts a change of what an organization's searches find, so that no cached answer of before is used. */
export async function advanceDocumentsVersion(tx: Transaction, organizationId: string): Promise<void> {
  await tx
    .update(organizations)
    .set({ documentsVersion: sql`${organizations.documentsVersion} + 1` })
    .where(eq(organizations.id, organizationId));
}
