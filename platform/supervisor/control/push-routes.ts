import { Hono } from 'hono';
import { z } from 'zod';
import { readBody } from '../../runtime/http/read-body.ts';
import type { Platform } from '../platform.ts';
import { push, undoPush } from '../source/push.ts';
import { eventsWithSettings, notedBy } from './events.ts';
import { options } from './unit-routes.ts';

/** What brings a source of its own. One at a time. */
export function pushRoutes(platform: Pick<Platform, 'units' | 'sites' | 'sources' | 'settings' | 'noteRelease'>): Hono {
  const app = new Hono();
  let isBusy = false;
  const inTurn = async (work: () => Promise<boolean>): Promise<boolean> => {
    if (isBusy) throw new Error('Push: another one is under way');
    isBusy = true;
    try {
      return await work();
    } finally {
      // What arrived and is not built from.
      await platform.sources.prune().finally(() => {
        isBusy = false;
      });
    }
  };

  /** The body is the archive that `source/push-request.ts` describes. */
  app.post('/push', (c) => {
    const body = c.req.raw.body ?? new ReadableStream<Uint8Array>({ start: (empty) => empty.close() });
    const archive = body.values({ preventCancel: true });
    return eventsWithSettings(c, platform, async (report) => {
      try {
        return await inTurn(() => push(platform, archive, notedBy(platform)(report)));
      } finally {
        // What was not read would keep the sender from hearing why.
        while (!(await archive.next()).done);
      }
    });
  });
  app.post('/push/undo', async (c) => {
    const body = await readBody(c, z.strictObject({ ...options, all: z.boolean().optional() }));
    return eventsWithSettings(c, platform, (report) =>
      inTurn(() => undoPush(platform, body, notedBy(platform)(report))),
    );
  });
  return app;
}
