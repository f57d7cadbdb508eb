import { type ErrorHandler, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { version } from '../../kernel/version.ts';
import { readBody } from '../../runtime/http/read-body.ts';
import { errorRows } from '../errors/error-groups.ts';
import type { Platform } from '../platform.ts';
import { slotPath } from '../traffic/socket-path.ts';
import { UnknownUnit } from '../units/units.ts';
import { alertRoutes } from './alert-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { events } from './events.ts';
import { forward } from './forward.ts';
import { pruneRoutes } from './prune-routes.ts';
import { pushRoutes } from './push-routes.ts';
import { historyRows, placedSite, placedUnit, processRows, releaseRows } from './rows.ts';
import { siteRoutes } from './site-routes.ts';
import { topRows } from './top-rows.ts';
import { unitRoutes } from './unit-routes.ts';

/** `since` in milliseconds since 1970. */
const errorQuery = z.object({ since: z.coerce.number().optional(), unit: z.string().optional() });

/** What the command line asks of a running platform, over a unix socket that only its owner can open. */
export function createControl(platform: Platform, { keep, stop }: { keep: boolean; stop(): void }): Hono {
  const { units, sites, home } = platform;
  const startedAt = new Date().toISOString();
  const app = new Hono();
  app.get('/status', (c) => c.json({ url: platform.url, pid: process.pid, version, startedAt, keep }));
  app.get('/ps', async (c) => c.json(await processRows(platform)));
  app.get('/top', async (c) => c.json(await topRows(platform)));
  app.get('/kills', async (c) => c.json(platform.kills.list(c.req.query('unit')).toReversed()));
  app.get('/errors', async (c) => {
    const { since = 0, unit } = errorQuery.parse(c.req.query());
    return c.json(errorRows(await platform.errors.groups(), { since, unit }));
  });
  const placed = async (name: string) => {
    const site = sites.find(name);
    return site ? placedSite(site) : placedUnit(units.find(name));
  };
  app.get('/releases/:unit', async (c) => c.json(await releaseRows(home.releases, await placed(c.req.param('unit')))));
  app.get('/history/:unit', async (c) => c.json(historyRows(await placed(c.req.param('unit')))));
  app.route('/', siteRoutes(platform));
  app.route('/', unitRoutes(platform));
  app.route('/', pushRoutes(platform));
  app.route('/alerts', alertRoutes(platform));
  app.route('/prune', pruneRoutes(platform));
  app.route('/check', checkRoutes(platform.queueUrl));
  app.all('/operator/*', (c) => {
    const { name } = units.find('operator');
    return forward(c, name, slotPath(home.run, name, 0));
  });
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
  app.onError(describeFailure);
  return app;
}

/** An operator may see every reason. */
export const describeFailure: ErrorHandler = (error, c) => {
  const status = error instanceof UnknownUnit ? 404 : error instanceof HTTPException ? error.status : 500;
  return c.json({ message: error.message }, status);
};
