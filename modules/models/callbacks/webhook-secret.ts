import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { webhookSecrets } from '../../../db/schema/models/webhook-secrets.ts';
import { SECRET_PREFIX } from '../../../platform/capabilities/webhooks/index.ts';

/** Hours for which a secret is valid after another took its place. */
const GRACE_HOURS = 24;
const SECRET_BYTES = 32;

/** Encrypts secrets for one organization. */
export interface SecretSeal {
  seal(organizationId: string, secret: string): Promise<string>;
  /** @throws when it was sealed with another key */
  open(organizationId: string, sealed: string): Promise<string>;
}

/** What people see of a secret; `secret` itself once. */
export interface ShownSecret {
  secret: string;
  createdAt: Date;
  /** Until then messages are signed with the one before as well. */
  previousUntil: Date | null;
}

const newSecret = () => SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');

const find = async (tx: Transaction, organizationId: string) =>
  (await tx.select().from(webhookSecrets).where(eq(webhookSecrets.organizationId, organizationId)).for('update'))[0];

/** The secrets that messages are signed with now, the newest first. The first message makes the first one. */
export async function signingSecrets(tx: Transaction, seal: SecretSeal, organizationId: string): Promise<string[]> {
  const sealed = await seal.seal(organizationId, newSecret());
  await tx.insert(webhookSecrets).values({ organizationId, sealed }).onConflictDoNothing();
  const row = await find(tx, organizationId);
  if (!row) throw new Error('Sign callback: the organization has no secret');
  const isValid = row.previous !== null && row.previousUntil !== null && row.previousUntil > new Date();
  const valid = [row.sealed, ...(isValid ? [row.previous as string] : [])];
  return Promise.all(valid.map((one) => seal.open(organizationId, one)));
}

/** When the present secret was made and shown; undefined before the first. */
export const lookAtSecret = async (tx: Transaction, organizationId: string) => {
  const row = await find(tx, organizationId);
  return row && { createdAt: row.createdAt, shownAt: row.shownAt, previousUntil: row.previousUntil };
};

/** Shows the secret that was not shown yet; otherwise makes another one, next to which the one before stays valid for a day. */
export async function revealSecret(tx: Transaction, seal: SecretSeal, organizationId: string): Promise<ShownSecret> {
  const fresh = newSecret();
  const sealed = await seal.seal(organizationId, fresh);
  await tx.insert(webhookSecrets).values({ organizationId, sealed }).onConflictDoNothing();
  const row = await find(tx, organizationId);
  if (!row) throw new Error('Show secret: the organization has none');
  const isRotation = row.shownAt !== null;
  const [shown] = await tx
    .update(webhookSecrets)
    .set({
      shownAt: sql`now()`,
      ...(isRotation && {
        ...{ sealed, previous: row.sealed, createdAt: sql`now()` },
        previousUntil: sql`now() + make_interval(hours => ${GRACE_HOURS})`,
      }),
    })
    .where(eq(webhookSecrets.organizationId, organizationId))
    .returning();
  if (!shown) throw new Error('Show secret: no row came back');
  const secret = isRotation ? fresh : await seal.open(organizationId, row.sealed);
  return { secret, createdAt: shown.createdAt, previousUntil: shown.previousUntil };
}
