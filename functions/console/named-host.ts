import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { openOnce } from '../../platform/kernel/calls/open-once.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { wrongHost } from '../../platform/kernel/problems.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import type { Supervisor } from './supervisor.ts';

/** A request carries the id of the host that it is for, and an answer that of the host that gave it. */
const HOST = 'pandect-host';

const hostSchema = z.object({ id: z.uuid(), name: z.string() });

/**
 * Names this host in every answer, and refuses what names another one: behind a balancer a request may reach any host, and each knows only its own
 * units, logs, alerts and changes. @throws Problem wrong-host, or unavailable while the supervisor cannot tell which host this is
 */
export function namedHost(supervisor: Supervisor): MiddlewareHandler<RouterEnv> {
  const known = new Map<'own', Promise<z.output<typeof hostSchema>>>();
  const readOwn = () => openOnce(known, 'own', () => supervisor.get('/host', hostSchema));
  return async (c, next) => {
    const wanted = c.req.header(HOST);
    // What asks for no host in particular is answered by the database alone, where that is enough.
    const own = wanted === undefined ? await readOwn().catch(() => undefined) : await readOwn();
    if (own) c.header(HOST, own.id);
    if (own && wanted !== undefined && wanted !== own.id) {
      throw new Problem(wrongHost, { parameters: { host: own.name }, headers: { [HOST]: own.id } });
    }
    await next();
  };
}
