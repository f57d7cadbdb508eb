import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { organizationSuspended } from '../problems.ts';
import { invalidCredential } from './access-token.ts';
import { keyColumns, keyLimits } from './key-limits.ts';

/** Who asked for work that is done later. */
export interface EarlierCaller {
  organizationId: string;
  userId: string | null;
  /** Of a program. */
  keyId: string | null;
}

/**
 * Who asked for something earlier, with the rights and limits that they have now.
 * @throws Problem unauthenticated for a person who is gone or a key that has ended since; organization-suspended
 */
export async function findCaller(
  database: Database,
  { organizationId, userId, keyId }: EarlierCaller,
): Promise<Caller> {
  const found =
    userId === null
      ? undefined
      : await database.tenant(organizationId, async (tx) => {
          const [row] = await tx
            .select({ userId: users.id, role: users.role, suspendedAt: organizations.suspendedAt })
            .from(users)
            .innerJoin(organizations, eq(organizations.id, users.organizationId))
            .where(and(eq(users.id, userId), isNull(organizations.erasureRequestedAt)));
          if (!row || keyId === null) return row && { ...row, key: undefined };
          const [key] = await tx
            .select({ channel: apiKeys.channel, ...keyColumns })
            .from(apiKeys)
            .where(
              and(
                eq(apiKeys.id, keyId),
                isNull(apiKeys.revokedAt),
                or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
              ),
            );
          return key && { ...row, key };
        });
  if (!found) throw invalidCredential(new Error('Find caller: the person is gone, or the key has ended'));
  if (found.suspendedAt) throw new Problem(organizationSuspended);
  const { userId: id, role, key } = found;
  const program = key && keyId !== null && { keyId, channel: key.channel, gateway: keyLimits(key) };
  return { userId: id, organizationId, role, ...program };
}
