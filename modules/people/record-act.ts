import { and, eq, gt, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { auditLog } from '../../db/schema/people/audit-log.ts';
import { users } from '../../db/schema/people/users.ts';
import { requestClient } from '../../platform/kernel/request-client.ts';

/** What somebody did in an organization, and who looked at its data. */
export interface Act {
  organizationId: string;
  /** The person who did it; missing for what the platform or its operator did. */
  actorId?: string | null;
  /** The person's e-mail, which is looked up when missing; or `operator`, `platform`, or `unknown`. */
  actor?: string;
  /** The API key that a program did it with. */
  keyId?: string | undefined;
  /** Verb and noun, such as `invite-member`. */
  action: string;
  /** What it was done to: an id or an address. */
  target?: string | null;
  /** Whatever makes it understood later; no secrets. */
  details?: Record<string, unknown>;
}

/**
 * Writes down who did what and from which address, in the transaction that does it: neither is there without the other.
 */
export async function recordAct(tx: Transaction, act: Act): Promise<void> {
  const { organizationId, actorId = null, action, target = null, keyId } = act;
  const details = { ...act.details, ...(keyId && { keyId }) };
  const email = sql<string>`coalesce((select ${users.email} from ${users} where ${users.id} = ${actorId}), 'platform')`;
  const values = { organizationId, actorId, actor: act.actor ?? email, action, target, details };
  await tx.insert(auditLog).values({ ...values, address: requestClient.getStore()?.address });
}

const AS_ONE_MINUTES = 10;

/** Writes an act down unless the same person did it to the same target within ten minutes, as one who reads a file by parts. */
export async function recordActOnce(tx: Transaction, act: Act & { actorId: string; target: string }): Promise<void> {
  const [recent] = await tx
    .select({ id: auditLog.id })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.organizationId, act.organizationId),
        gt(auditLog.createdAt, sql`now() - make_interval(mins => ${AS_ONE_MINUTES})`),
        eq(auditLog.actorId, act.actorId),
        eq(auditLog.action, act.action),
        eq(auditLog.target, act.target),
        act.keyId ? sql`${auditLog.details} ->> 'keyId' = ${act.keyId}` : sql`not ${auditLog.details} ? 'keyId'`,
      ),
    )
    .limit(1);
  if (!recent) await recordAct(tx, act);
}
