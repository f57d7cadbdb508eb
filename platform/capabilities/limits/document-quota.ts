import { count, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/documents.ts';
import { organizations } from '../../../db/schema/organizations.ts';
import { Problem } from '../../kernel/problem.ts';
import { lockPlan } from './plan.ts';

/**
 * Takes room for one document in the transaction that adds its row. The organization's row stays locked until then,
 * so parallel uploads cannot pass the limit together.
 * @throws Problem plan-limit-reached
 */
export async function reserveDocument(tx: Transaction, organizationId: string, bytes: number): Promise<void> {
  const plan = await lockPlan(tx, organizationId);
  const held = await documentUse(tx, organizationId);
  if (held.documents >= plan.documents) {
    throw new Problem('plan-limit-reached', {
      parameters: { tier: plan.tier, limit: plan.documents, what: 'documents' },
    });
  }
  if (held.storageBytes + bytes > plan.storageBytes) {
    throw new Problem('plan-limit-reached', {
      parameters: { tier: plan.tier, limit: plan.storageBytes, what: 'bytes' },
    });
  }
  await changeStorage(tx, organizationId, bytes);
}

/** What an organization holds at this moment. */
export async function documentUse(
  tx: Transaction,
  organizationId: string,
): Promise<{ documents: number; storageBytes: number }> {
  const [held] = await tx
    .select({ documents: count() })
    .from(documents)
    .where(eq(documents.organizationId, organizationId));
  const [organization] = await tx
    .select({ storageUsed: organizations.storageUsed })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  return { documents: held?.documents ?? 0, storageBytes: organization?.storageUsed ?? 0 };
}

/** Gives the room of a deleted document back. */
export const releaseDocument = (tx: Transaction, organizationId: string, bytes: number) =>
  changeStorage(tx, organizationId, -bytes);

async function changeStorage(tx: Transaction, organizationId: string, bytes: number): Promise<void> {
  await tx
    .update(organizations)
    .set({ storageUsed: sql`greatest(${organizations.storageUsed} + ${bytes}, 0)` })
    .where(eq(organizations.id, organizationId));
}
