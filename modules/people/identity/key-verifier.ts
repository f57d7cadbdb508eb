import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { organizationSuspended } from '../problems.ts';
import { invalidCredential } from './access-token.ts';
import { organizationOfKey, scopesOf } from './api-key.ts';
import { keyColumns, keyLimits } from './key-limits.ts';
import { digest } from './secret.ts';

export interface KeyVerifier {
  /** @throws Problem unauthenticated for a key that is unknown, expired, revoked or whose person is gone; organization-suspended */
  verify(key: string): Promise<Caller>;
}

const FRESH_MS = 1_000;
/** Keys that were asked for lately; the one asked for first is forgotten first. */
const REMEMBERED = 1_000;

/** Result of a key, good or bad, holds for a second, and everybody who shows it in the meantime shares one query. */
export function createKeyVerifier(database: Database, now: () => number = Date.now): KeyVerifier {
  const lately = new Map<string, { caller: Promise<Caller>; until: number }>();
  return {
    verify(key) {
      const hash = digest(key);
      const known = lately.get(hash);
      if (known && now() < known.until) return known.caller;
      lately.delete(hash);
      const caller = look(database, key, hash);
      caller.catch((error: unknown) => {
        // Why a key is refused is remembered like its caller; a database that was away is not.
        if (!(error instanceof Problem)) lately.delete(hash);
      });
      for (const oldest of lately.keys()) {
        if (lately.size < REMEMBERED) break;
        lately.delete(oldest);
      }
      lately.set(hash, { caller, until: now() + FRESH_MS });
      return caller;
    },
  };
}

async function look(database: Database, key: string, hash: string): Promise<Caller> {
  const organizationId = organizationOfKey(key);
  if (organizationId === undefined) throw invalidCredential(new Error('Verify key: not of our form'));
  const found = await database.tenant(organizationId, async (tx) => {
    const [row] = await tx
      .select({
        id: apiKeys.id,
        userId: apiKeys.userId,
        role: users.role,
        scopes: apiKeys.scopes,
        channel: apiKeys.channel,
        replacedBy: apiKeys.replacedBy,
        ...keyColumns,
        suspendedAt: organizations.suspendedAt,
      })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .innerJoin(organizations, eq(organizations.id, apiKeys.organizationId))
      .where(
        and(
          eq(apiKeys.keyHash, hash),
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
          isNull(organizations.erasureRequestedAt),
        ),
      );
    if (row) await noteUse(tx, row.id);
    return row;
  });
  if (!found) throw invalidCredential(new Error('Verify key: unknown, expired or revoked'));
  if (found.suspendedAt) throw new Problem(organizationSuspended);
  const { userId, role, channel } = found;
  // What a key was called before it was rotated counts as that key.
  const keyId = found.replacedBy ?? found.id;
  const allowed = scopesOf(role);
  const scopes = found.scopes.filter((scope) => allowed.includes(scope));
  return { userId, organizationId, role, keyId, scopes, channel, gateway: keyLimits(found) };
}

/** To the minute, so that a busy key writes once a minute. */
async function noteUse(tx: Transaction, id: string): Promise<void> {
  const minute = sql`date_trunc('minute', now())`;
  await tx
    .update(apiKeys)
    .set({ lastUsedAt: minute })
    .where(and(eq(apiKeys.id, id), sql`${apiKeys.lastUsedAt} is distinct from ${minute}`));
}
