import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { workerQueues } from '../../kernel/worker-queues.ts';
import { readBody } from '../../runtime/http/read-body.ts';
import { pause } from '../units/operations/pause.ts';
import { UnknownUnit } from '../units/units.ts';
import { queueRows } from './queue-rows.ts';
import type { RowParts } from './unit-rows.ts';

/** Queues, and whether their jobs wait until somebody says otherwise. */
export function queueRoutes(parts: RowParts): Hono {
  const { units } = parts.platform;
  const app = new Hono();
  app.get('/queues', async (c) => c.json(await queueRows(parts)));
  app.post('/queues/:action{pause|resume}', async (c) => {
    const { queue } = await readBody(c, z.strictObject({ queue: z.string() }));
    const isPaused = c.req.param('action') === 'pause';
    const server = units.all.find(
      ({ name, unit }) =>
        unit.kind === 'worker' && workerQueues(name, unit.manifest).some((each) => each.name === queue),
    );
    if (!server) throw new UnknownUnit(`Find queue "${queue}": there is none`);
    // All queues of a worker stop with it.
    if (server.name !== queue) {
      throw new HTTPException(409, {
        message: `${isPaused ? 'Pause' : 'Resume'} queue "${queue}": worker "${server.name}" serves it with others; name that worker`,
      });
    }
    await pause(server, isPaused);
    return c.json((await queueRows(parts)).filter(({ worker }) => worker === server.name));
  });
  return app;
}
