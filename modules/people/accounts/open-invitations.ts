import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { invitations } from '../../../db/schema/people/invitations.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';

/** Holds an organization's row until the transaction ends: its people do not change in the meantime. */
export async function holdOrganization(
  tx: Transaction,
  id: string,
): Promise<typeof organizations.$inferSelect | undefined> {
  const [row] = await tx.select().from(organizations).where(eq(organizations.id, id)).for('no key update');
  return row;
}

/** Invitations that can still be accepted. */
export const openInvitations = (organizationId: string) =>
  and(
    eq(invitations.organizationId, organizationId),
    isNull(invitations.acceptedAt),
    isNull(invitations.revokedAt),
    gt(invitations.expiresAt, sql`now()`),
  );
