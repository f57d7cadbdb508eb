import { eq } from 'drizzle-orm';
import type { MiddlewareHandler } from 'hono';
import type { Database } from '../../db/client.ts';
import { users } from '../../db/schema/users.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';

/**
 * Everything here is for people who administer the platform, and looks to all others as if it were not there. Whether
 * somebody does is read each time: a token may be older than the decision.
 */
export const administratorsOnly =
  (database: Database): MiddlewareHandler<RouterEnv> =>
  async (c, next) => {
    const { userId, scopes } = c.var.caller;
    const [person] = await database.transaction((tx) =>
      tx.select({ administrator: users.administrator }).from(users).where(eq(users.id, userId)),
    );
    if (!person?.administrator || scopes) throw new Problem('not-found');
    await next();
  };
