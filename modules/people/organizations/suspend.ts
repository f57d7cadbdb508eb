import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { revokeTokens } from '../identity/index.ts';
import { type OrganizationRow, updateOrganization } from './update.ts';

/** Suspends an organization and ends its sessions, or lets it in again. @returns undefined when it is gone */
export async function suspendOrganization(
  tx: Transaction,
  id: string,
  suspended: boolean,
): Promise<OrganizationRow | undefined> {
  // First the row, which a session that begins at the same time holds: what it is given is then revoked as well.
  const organization = await updateOrganization(tx, id, { suspendedAt: suspended ? sql`now()` : null });
  if (suspended) await revokeTokens(tx, id);
  return organization;
}
