import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { stream } from 'hono/streaming';
import { connect } from '../../db/client.ts';
import { organizations } from '../../db/schema/organizations.ts';
import { subscriptionPlans } from '../../db/schema/subscription-plans.ts';
import { users } from '../../db/schema/users.ts';
import { isAlive } from '../services/processes.ts';
import { UnknownUnit } from './fleet.ts';
import type { Platform } from './platform.ts';
import { listReleases } from './release/releases.ts';
import type { Report } from './runner.ts';

/** A line of `pandect ps`. */
export interface ProcessRow {
  name: string;
  kind: 'function' | 'worker' | 'service';
  state: string;
  release: string;
  pid: number;
  startMs: number | undefined;
  uptimeSeconds: number | undefined;
  restarts: number;
}

/** What the command line asks of a running platform, over a unix socket that only its owner can open. */
export function createControl(platform: Platform): Hono {
  const { fleet, home } = platform;
  const app = new Hono();
  app.get('/status', (c) => c.json({ url: platform.url }));
  app.get('/ps', async (c) => c.json(await processes(platform)));
  app.get('/releases/:unit', async (c) => {
    const name = c.req.param('unit');
    const history = fleet.history(name);
    const current = fleet.runners.find(({ unit }) => unit.name === name)?.release;
    const kept = await listReleases(home.releases, name);
    return c.json(
      kept.map(({ id, builtAt }) => ({
        release: id,
        builtAt: builtAt.toISOString(),
        current: id === current,
        deployedAt: history.findLast((entry) => entry.release === id)?.at,
        startMs: history.findLast((entry) => entry.release === id)?.startMs,
      })),
    );
  });
  app.post('/deploy', async (c) => {
    const { units } = await c.req.json<{ units: string[] }>();
    return events(c, (report) => fleet.deploy(units, report));
  });
  app.post('/restart', async (c) => {
    const { units } = await c.req.json<{ units: string[] }>();
    const names = units.length > 0 ? units : fleet.runners.map(({ unit }) => unit.name);
    return events(c, (report) => fleet.restart(names, report));
  });
  app.post('/rollback', async (c) => {
    const { unit, release } = await c.req.json<{ unit: string; release?: string }>();
    return events(c, (report) => fleet.rollback(unit, release, report));
  });
  app.post('/admin/tier', async (c) => {
    const { email, tier } = await c.req.json<{ email: string; tier: string }>();
    return c.json(await changeTier(platform.databaseUrl, email, tier));
  });
  app.onError((error, c) => {
    const status = error instanceof UnknownUnit ? 404 : error instanceof HTTPException ? error.status : 500;
    return c.json({ message: error.message }, status);
  });
  return app;
}

/** JSON lines while the work goes on; the last one says whether it succeeded. */
const events = (c: Parameters<typeof stream>[0], work: (report: Report) => Promise<boolean>) =>
  stream(c, async (output) => {
    const report: Report = (event) => void output.writeln(JSON.stringify(event));
    const ok = await work(report).catch((error: Error) => {
      report({ unit: '', step: 'failed', message: error.message });
      return false;
    });
    await output.writeln(JSON.stringify({ ok }));
  });

async function processes({ fleet, services }: Platform): Promise<ProcessRow[]> {
  const units = fleet.runners.flatMap(({ unit, instances, restarts, release }): ProcessRow[] => {
    const base = { name: unit.name, kind: unit.kind, restarts };
    if (instances.length === 0) {
      return [{ ...base, state: 'down', release: release ?? '', pid: 0, startMs: undefined, uptimeSeconds: undefined }];
    }
    return instances.map((instance) => ({
      ...base,
      state: instance.state,
      release: instance.release,
      pid: instance.pid,
      startMs: instance.startMs,
      uptimeSeconds: Math.round((Date.now() - instance.startedAt.getTime()) / 1000),
    }));
  });
  const own = Object.entries(services).map(
    async ([name, { service, restarts }]): Promise<ProcessRow> => ({
      name,
      kind: 'service',
      state: (await isAlive(service.pid)) ? 'ready' : 'down',
      release: '',
      pid: service.pid,
      startMs: undefined,
      uptimeSeconds: undefined,
      restarts,
    }),
  );
  return [...units, ...(await Promise.all(own))];
}

async function changeTier(
  databaseUrl: string,
  email: string,
  tier: string,
): Promise<{ organization: string; tier: string }> {
  const client = connect(databaseUrl, { applicationName: 'pandect admin' });
  try {
    const db = drizzle({ client, casing: 'snake_case' });
    const [plan] = await db.select().from(subscriptionPlans).where(eq(subscriptionPlans.tier, tier));
    if (!plan) {
      const known = await db
        .select({ tier: subscriptionPlans.tier })
        .from(subscriptionPlans)
        .orderBy(subscriptionPlans.price);
      throw new HTTPException(400, {
        message: `Change tier to "${tier}": known are ${known.map((row) => row.tier).join(', ')}`,
      });
    }
    const [owner] = await db
      .select()
      .from(users)
      .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
    if (owner?.role !== 'owner') {
      throw new HTTPException(404, { message: `Change tier of "${email}": no organization has this owner` });
    }
    const [changed] = await db
      .update(organizations)
      .set({ tier, subscriptionStartedAt: sql`now()` })
      .where(eq(organizations.id, owner.organizationId))
      .returning();
    return { organization: changed?.name ?? '', tier };
  } finally {
    await client.end();
  }
}

/** Serves an app on a unix socket that stands at the path alone. */
export async function serveSocket(app: Pick<Hono, 'fetch'>, path: string): Promise<Server> {
  await rm(path, { force: true });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return server;
}
