import { and, eq, gt, inArray } from 'drizzle-orm';
import type { Context, MiddlewareHandler } from 'hono';
import type { Database } from '../../../db/client.ts';
import { revocations } from '../../../db/schema/people/revocations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { tokenIssuedAt } from '../../../platform/runtime/http/authenticate.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import { invalidCredential } from '../identity/index.ts';

/**
 * Everything here is for people who administer the platform, and looks to all others as if it were not there. Whether
 * somebody does is read each time, and so is whether their token has ended: the list that a process knows may be a second
 * old, and a token from before the rights must not have them for that second.
 */
export const administratorsOnly =
  (database: Database): MiddlewareHandler<RouterEnv> =>
  async (c, next) => {
    await assertAdministrator(database, c);
    await next();
  };

/**
 * Whether the caller of a request still administers the platform, for what continues after the request was let in: a stream, or the
 * next part of a long change. @throws Problem not-found, or unauthenticated for a token that was ended
 */
export async function assertAdministrator(database: Database, c: Context<RouterEnv>): Promise<void> {
  const { userId, organizationId, scopes } = c.var.caller;
  if (scopes) throw new Problem(notFound);
  const issuedAt = tokenIssuedAt(c);
  const { isAdministrator, isRevoked } = await database.transaction(async (tx) => {
    const [person] = await tx.select({ is: users.administrator }).from(users).where(eq(users.id, userId));
    const ended = and(inArray(revocations.subject, [userId, organizationId]), gt(revocations.at, issuedAt));
    return { isAdministrator: person?.is === true, isRevoked: (await tx.$count(revocations, ended)) > 0 };
  });
  if (isRevoked) throw invalidCredential(new Error('Verify token: revoked'));
  if (!isAdministrator) throw new Problem(notFound);
}
