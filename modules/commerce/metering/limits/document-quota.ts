import { and, count, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { documents } from '../../../../db/schema/legal/documents.ts';
import { organizations } from '../../../../db/schema/people/organizations.ts';
import { changeStorage } from '../../../people/organizations/change-storage.ts';
import { lockPlan, type Plan } from '../plan.ts';
import { describeLimitReached } from './plan-limit.ts';

/** What an organization holds at this moment. */
export interface DocumentUse {
  documents: number;
  storageBytes: number;
}

export interface DocumentRoom {
  /** From `lockPlan` in this transaction, where the caller has it. */
  plan?: Plan;
  bytes: number;
  /** A new version counts in place of the document that it replaces; its bytes are needed next to those. */
  isVersion?: boolean;
  /** Bytes that others have announced and that are still on their way. */
  announcedBytes?: number;
}

/** Documents that a plan counts: neither replaced ones nor versions whose predecessor is still the one in use. */
export const countedDocument = sql`status <> 'replaced' and (replaces is null or status = 'ready')`;

/**
 * Takes room for one document in the transaction that adds its row. The organization's row stays locked until then,
 * so parallel uploads cannot pass the limit together.
 * @returns the plan, and what is used with this document
 * @throws Problem plan-limit-reached
 */
export async function reserveDocument(
  tx: Transaction,
  organizationId: string,
  room: DocumentRoom,
): Promise<{ plan: Plan; used: DocumentUse }> {
  const reserved = await requireDocumentRoom(tx, organizationId, room);
  await changeStorage(tx, organizationId, room.bytes);
  return reserved;
}

/** The same without taking it, before a file is sent that there would be no room for. @throws Problem plan-limit-reached */
export async function requireDocumentRoom(
  tx: Transaction,
  organizationId: string,
  { bytes, isVersion = false, announcedBytes = 0, ...room }: DocumentRoom,
): Promise<{ plan: Plan; used: DocumentUse }> {
  const plan = room.plan ?? (await lockPlan(tx, organizationId));
  const held = await documentUse(tx, organizationId);
  const used = { documents: held.documents + (isVersion ? 0 : 1), storageBytes: held.storageBytes + bytes };
  if (!isVersion && used.documents > plan.documents) {
    throw await describeLimitReached(tx, plan, 'documents', held.documents);
  }
  if (used.storageBytes + announcedBytes > plan.storageBytes) {
    throw await describeLimitReached(tx, plan, 'bytes', held.storageBytes);
  }
  return { plan, used };
}

/** What an organization holds at this moment. */
export async function documentUse(tx: Transaction, organizationId: string): Promise<DocumentUse> {
  const [held] = await tx
    .select({ documents: count() })
    .from(documents)
    .where(and(eq(documents.organizationId, organizationId), countedDocument));
  const [organization] = await tx
    .select({ storageUsed: organizations.storageUsed })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  return { documents: held?.documents ?? 0, storageBytes: organization?.storageUsed ?? 0 };
}

/** Gives the room of a deleted document back. */
export const releaseDocument = (tx: Transaction, organizationId: string, bytes: number) =>
  changeStorage(tx, organizationId, -bytes);
