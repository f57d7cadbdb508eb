import { eq, type SQL } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';

export type OrganizationRow = typeof organizations.$inferSelect;
export type OrganizationChanges = { [Column in keyof OrganizationRow]?: OrganizationRow[Column] | SQL };

/** Changes an organization's row; the operations of this folder are its callers. @returns undefined when it is gone */
export async function updateOrganization(
  tx: Transaction,
  id: string,
  changes: OrganizationChanges,
): Promise<OrganizationRow | undefined> {
  const [row] = await tx.update(organizations).set(changes).where(eq(organizations.id, id)).returning();
  return row;
}
