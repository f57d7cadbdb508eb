import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { gatewaySecrets } from '../../../../db/schema/models/gateway-secrets.ts';
import { type SealedFor, seal } from '../../../../platform/capabilities/secrets/index.ts';
import { announceConfiguration } from '../topic.ts';

/** What is shown of a secret. */
export interface ShownSecret {
  name: string;
  last4: string;
  /** When it was entered. */
  createdAt: Date;
}

/** Fewer characters than this say too much of a short secret. */
const LONG_ENOUGH = 16;

/** Keeps a secret encrypted, in place of an earlier one of that name. It is in effect within a second. */
export async function setSecret(tx: Transaction, key: Buffer, owner: SealedFor, secret: string): Promise<ShownSecret> {
  const values = {
    ciphertext: seal(key, owner, secret),
    last4: secret.length >= LONG_ENOUGH ? secret.slice(-4) : '****',
    createdAt: sql`clock_timestamp()`,
  };
  const [row] = await tx
    .insert(gatewaySecrets)
    .values({ ...owner, ...values })
    .onConflictDoUpdate({ target: [gatewaySecrets.organizationId, gatewaySecrets.name], set: values })
    .returning(shown);
  if (!row) throw new Error('Set secret: no row came back');
  await announceConfiguration(tx);
  return row;
}

/** @returns whether there was one */
export async function removeSecret(tx: Transaction, owner: SealedFor): Promise<boolean> {
  const removed = await tx
    .delete(gatewaySecrets)
    .where(and(ofOwner(owner.organizationId), eq(gatewaySecrets.name, owner.name)))
    .returning({ name: gatewaySecrets.name });
  if (removed.length > 0) await announceConfiguration(tx);
  return removed.length > 0;
}

/** By their names. @param organizationId null for the platform's */
export const listSecrets = (tx: Transaction, organizationId: string | null): Promise<ShownSecret[]> =>
  tx.select(shown).from(gatewaySecrets).where(ofOwner(organizationId)).orderBy(asc(gatewaySecrets.name));

const shown = {
  name: gatewaySecrets.name,
  last4: gatewaySecrets.last4,
  createdAt: gatewaySecrets.createdAt,
};

const ofOwner = (organizationId: string | null) =>
  organizationId === null ? isNull(gatewaySecrets.organizationId) : eq(gatewaySecrets.organizationId, organizationId);
