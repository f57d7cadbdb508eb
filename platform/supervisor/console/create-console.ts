import { Hono } from 'hono';
import { z } from 'zod';
import { describeFailure } from '../control/control.ts';
import { forward } from '../control/forward.ts';
import { errorRows } from '../errors/error-groups.ts';
import type { Platform } from '../platform.ts';
import { slotPath } from '../traffic/socket-path.ts';
import { alertRoutes } from './alert-routes.ts';
import { backupRoutes } from './backup-routes.ts';
import { changeRoutes } from './change-routes.ts';
import { createChanges } from './changes.ts';
import { hostRoutes } from './host-routes.ts';
import { logRoutes } from './log-routes.ts';
import { overview } from './overview.ts';
import { queueRoutes } from './queue-routes.ts';
import { startRecentFigures } from './recent-figures.ts';
import { unitDetail, unitRows } from './unit-rows.ts';

export type ConsolePlatform = Pick<
  Platform,
  | 'url'
  | 'home'
  | 'units'
  | 'sites'
  | 'services'
  | 'queues'
  | 'kills'
  | 'settings'
  | 'alerts'
  | 'errors'
  | 'backups'
  | 'noteRelease'
  | 'queueUrl'
>;

/** What the console may ask of the function `operator`; nothing else passes. */
const FORWARDED = [
  ...[
    'POST /operator/jobs/page',
    'POST /operator/jobs/ids',
    'POST /operator/jobs/show',
    'POST /operator/jobs/retry',
    'POST /operator/jobs/discard',
  ],
  ...['GET /operator/gateway/breakers', 'POST /operator/gateway/breakers/set', 'POST /operator/gateway/calls'],
  ...['GET /operator/gateway/routes', 'GET /operator/gateway/prices', 'POST /operator/gateway/keys'],
  ...['POST /operator/gateway/keys/show', 'POST /operator/gateway/keys/revoke'],
  ...['POST /operator/images/list', 'POST /operator/images/cancel'],
  ...[
    'POST /operator/bots/list',
    'POST /operator/bots/show',
    'POST /operator/bots/check',
    'POST /operator/bots/delivery',
  ],
  ...['GET /operator/wallets/discrepancies', 'GET /operator/billing/discrepancies'],
] as const;

/** `since` in milliseconds since 1970. */
const errorQuery = z.object({ since: z.coerce.number().optional(), unit: z.string().optional() });

/**
 * What the operator's console asks of a running platform, over a unix socket that its unit alone can open: the verbs that stand here,
 * and no others. Who may do what is decided by the console; nothing here ends the platform, rotates a key or shows a secret.
 */
export function createConsole(platform: ConsolePlatform): { app: Hono; close(): void } {
  const startedAt = new Date().toISOString();
  const changes = createChanges();
  const figures = startRecentFigures({ units: () => platform.units.all });
  const parts = { platform, figures, changes };
  const app = new Hono();
  app.get('/overview', async (c) => c.json(await overview(parts, { startedAt })));
  app.get('/units', async (c) => c.json(await unitRows(parts)));
  app.get('/units/:unit', async (c) => c.json(await unitDetail(c.req.param('unit'), parts)));
  app.get('/errors', async (c) => {
    const { since = 0, unit } = errorQuery.parse(c.req.query());
    return c.json(errorRows(await platform.errors.groups(), { since, unit }));
  });
  app.route('/', changeRoutes(platform, changes));
  app.route('/', hostRoutes(platform, startedAt));
  app.route('/', logRoutes(platform));
  app.route('/', alertRoutes(platform));
  app.route('/', queueRoutes(parts));
  app.route('/', backupRoutes(platform, changes));
  for (const verb of FORWARDED) {
    const [method, path] = verb.split(' ') as [string, string];
    app.on(method, path, (c) => {
      const { name } = platform.units.find('operator');
      return forward(c, name, slotPath(platform.home.run, name, 0));
    });
  }
  app.notFound((c) =>
    c.json({ message: `Ask for "${c.req.method} ${c.req.path}": the console has no such verb` }, 404),
  );
  app.onError(describeFailure);
  return { app, close: () => figures.close() };
}
