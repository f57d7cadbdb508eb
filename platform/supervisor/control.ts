import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { version } from '../kernel/version.ts';
import { adminRoutes } from './control/admin-routes.ts';
import { events } from './control/events.ts';
import { readBody } from './control/read-body.ts';
import { historyRows, processRows, releaseRows } from './control/rows.ts';
import { topRows } from './control/top-rows.ts';
import { unitRoutes } from './control/unit-routes.ts';
import type { Platform } from './platform.ts';
import { UnknownUnit } from './units/units.ts';

/** What the command line asks of a running platform, over a unix socket that only its owner can open. */
export function createControl(platform: Platform, { keep, stop }: { keep: boolean; stop(): void }): Hono {
  const { units, home } = platform;
  const startedAt = new Date().toISOString();
  const app = new Hono();
  app.get('/status', (c) => c.json({ url: platform.url, pid: process.pid, version, startedAt, keep }));
  app.get('/database', (c) => c.json({ url: platform.databaseUrl }));
  app.get('/index', (c) => c.json(platform.index));
  app.get('/ps', async (c) => c.json(await processRows(platform)));
  app.get('/top', async (c) => c.json(await topRows(platform)));
  app.get('/kills', async (c) => c.json(platform.kills.list(c.req.query('unit')).toReversed()));
  app.get('/releases/:unit', async (c) => c.json(await releaseRows(home.releases, units.find(c.req.param('unit')))));
  app.get('/history/:unit', (c) => c.json(historyRows(units.find(c.req.param('unit')))));
  app.route('/', unitRoutes(platform));
  app.route('/admin', adminRoutes(platform.databaseUrl));
  app.post('/keys/rotate', async (c) => {
    const { what } = await readBody(c, z.strictObject({ what: z.string().default('all') }));
    return events(c, (report) => platform.keyRotation.rotate(what, report));
  });
  app.post('/stop', (c) =>
    events(c, async (report) => {
      report({ unit: '', step: 'drain', message: 'everything finishes what it has' });
      stop();
      return true;
    }),
  );
  app.onError((error, c) => {
    const status = error instanceof UnknownUnit ? 404 : error instanceof HTTPException ? error.status : 500;
    return c.json({ message: error.message }, status);
  });
  return app;
}
