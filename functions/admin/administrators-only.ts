import { and, eq, gt, inArray } from 'drizzle-orm';
import type { MiddlewareHandler } from 'hono';
import type { Database } from '../../db/client.ts';
import { revocations } from '../../db/schema/people/revocations.ts';
import { users } from '../../db/schema/people/users.ts';
import { invalidCredential } from '../../modules/people/identity/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';
import { tokenIssuedAt } from '../../platform/runtime/http/authenticate.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';

/**
 * Everything here is for people who administer the platform, and looks to all others as if it were not there. Whether
 * somebody does is read each time, and so is whether their token has ended: the list that a process knows may be a second
 * old, and a token from before the rights must not have them for that second.
 */
export const administratorsOnly =
  (database: Database): MiddlewareHandler<RouterEnv> =>
  async (c, next) => {
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
    await next();
  };
