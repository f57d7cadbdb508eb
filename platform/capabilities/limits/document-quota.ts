import { count, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/documents.ts';
import { organizations } from '../../../db/schema/organizations.ts';
import { Problem } from '../../kernel/problem.ts';
import { lockPlan, type Plan } from './plan.ts';
import { type NextTier, nextTierParameters } from './refusal.ts';

/** What an organization holds at this moment. */
export interface DocumentUse {
  documents: number;
  storageBytes: number;
}

/**
 * Takes room for one document in the transaction that adds its row. The organization's row stays locked until then,
 * so parallel uploads cannot pass the limit together.
 * @returns the plan, and what is used with this document
 * @throws Problem plan-limit-reached
 */
export async function reserveDocument(
  tx: Transaction,
  organizationId: string,
  bytes: number,
): Promise<{ plan: Plan; used: DocumentUse }> {
  const plan = await lockPlan(tx, organizationId);
  const held = await documentUse(tx, organizationId);
  const used = { documents: held.documents + 1, storageBytes: held.storageBytes + bytes };
  if (used.documents > plan.documents) {
    const next = await nextTier(tx, plan.tier, 'documents', plan.documents);
    throw limitReached(plan, { what: 'documents', limit: plan.documents, used: held.documents }, next);
  }
  if (used.storageBytes > plan.storageBytes) {
    const next = await nextTier(tx, plan.tier, 'storage_bytes', plan.storageBytes);
    throw limitReached(plan, { what: 'bytes', limit: plan.storageBytes, used: held.storageBytes }, next);
  }
  await changeStorage(tx, organizationId, bytes);
  return { plan, used };
}

/** What an organization holds at this moment. */
export async function documentUse(tx: Transaction, organizationId: string): Promise<DocumentUse> {
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

const limitReached = (
  { tier }: Plan,
  figures: { what: string; limit: number; used: number },
  next: NextTier | null,
): Problem => new Problem('plan-limit-reached', { parameters: { tier, ...figures, ...nextTierParameters(next) } });

/** The first tier above that allows more of what a column of the plans limits; null when there is none. */
export async function nextTier(
  tx: Transaction,
  tier: string,
  column: 'documents' | 'storage_bytes' | 'users',
  limit: number,
): Promise<NextTier | null> {
  const [row] = await tx.execute<{ next: NextTier | null }>(
    sql`select next_tier(${tier}, ${column}, ${limit}) as next`,
  );
  return row?.next ?? null;
}
