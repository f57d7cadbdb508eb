import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { eraseOrganizationJob } from '../erase-organization-job.ts';
import { revokeTokens } from '../identity/index.ts';
import { recordAct } from '../record-act.ts';
import { updateOrganization } from './update.ts';

/** Marks the caller's organization as one that is to be erased, adds the job that does it, and ends all sessions. */
export async function requestErasure(
  tx: Transaction,
  queue: Queue,
  { organizationId, userId: actorId }: Caller,
): Promise<void> {
  await updateOrganization(tx, organizationId, { erasureRequestedAt: sql`now()` });
  await recordAct(tx, { organizationId, actorId, action: 'erase-organization', target: organizationId });
  await queue.send(tx, eraseOrganizationJob, { kind: 'erase-organization', organizationId });
  await revokeTokens(tx, organizationId);
}

/** Removes an organization's row with all that refers to it. */
export const eraseOrganizationRow = (tx: Transaction, id: string) =>
  tx.delete(organizations).where(eq(organizations.id, id));
