import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { type Act, recordAct } from '../../people/record-act.ts';

/** What every change of billing needs besides its transaction. */
export interface BillingDeps {
  notifications: Notifications;
  /** Where orders of people of bots are paid: they are told by a job. */
  queue?: Queue;
}

/** Who changes something: a person, or the platform by itself. */
export type Actor = Pick<Act, 'actorId' | 'actor'>;
export const platformActor: Actor = { actor: 'platform' };

/**
 * Lets one transaction at a time change an organization's billing, until it ends. Not a lock of its row, which every
 * question needs.
 */
export async function holdBilling(tx: Transaction, organizationId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`billing ${organizationId}`}, 0))`);
}

/** Invoices and payments outlive their organization; what it had goes with it. */
export async function isThere(tx: Transaction, organizationId: string): Promise<boolean> {
  const [row] = await tx
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  return row !== undefined;
}

/** Writes an act down where there is an organization left to read of it. */
export async function recordIfThere(tx: Transaction, act: Act): Promise<void> {
  if (await isThere(tx, act.organizationId)) await recordAct(tx, act);
}
