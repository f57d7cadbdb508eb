import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { revokeTokens } from '../identity/index.ts';
import type { AccessEnded } from '../letters.ts';
import { unlinkAllOf } from '../linked/index.ts';
import type { Person } from './person.ts';
import { revokeFamiliesOf } from './sign-in/refresh-family.ts';

/** How much of what a person could act with has ended. */
export interface EndedAccess {
  sessions: number;
  keys: number;
}

/**
 * Ends all sessions of a person, whom this transaction holds; where asked, their API keys and what speaks for them in messengers.
 * @returns what ended, and from when on new tokens are good
 */
export async function endAccess(
  tx: Transaction,
  { id }: Pick<Person, 'id'>,
  options: { keys: boolean },
): Promise<{ ended: EndedAccess; issuedAt: Date }> {
  const sessions = await revokeFamiliesOf(tx, id);
  const keys = options.keys ? await revokeKeysOf(tx, id) : 0;
  if (options.keys) await unlinkAllOf(tx, id);
  return { ended: { sessions, keys }, issuedAt: await revokeTokens(tx, id) };
}

/** @returns how many keys still worked */
async function revokeKeysOf(tx: Transaction, userId: string): Promise<number> {
  const [row] = await tx.execute<{ revoked: number }>(sql`select revoke_keys_of(${userId}) as revoked`);
  return row?.revoked ?? 0;
}

/** Writes to a person what ended and why. */
export async function tellEndedAccess(
  tx: Transaction,
  { notifications }: { notifications: Notifications },
  { organizationId, email, language }: Person,
  parameters: AccessEnded,
): Promise<void> {
  const mail = { organizationId, email, language, reference: crypto.randomUUID(), parameters };
  await notifications.send(tx, { kind: 'access-ended', ...mail });
}
