import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { stream } from 'hono/streaming';
import { version } from '../kernel/version.ts';
import { asOperator, holdAccount, showAccount } from './control/account.ts';
import {
  createAdministrator,
  listAdministrators,
  type NewAdministrator,
  removeAdministrator,
} from './control/administrators.ts';
import { changeTier } from './control/change-tier.ts';
import { confirmAccount } from './control/confirm-account.ts';
import { historyRows, processRows, releaseRows } from './control/rows.ts';
import { topRows } from './control/top-rows.ts';
import type { ChangeOptions, Report } from './control-contract.ts';
import type { Platform } from './platform.ts';
import { abort, changeCanary, promote } from './units/operations/canary.ts';
import { pause } from './units/operations/pause.ts';
import { endPreview, preview } from './units/operations/preview.ts';
import { isOutdated } from './units/operations/renew.ts';
import { restart } from './units/operations/restart.ts';
import { rollback } from './units/operations/rollback.ts';
import { scale } from './units/operations/scale.ts';
import { UnknownUnit } from './units/units.ts';

type Change = ChangeOptions & { unit: string; release?: string };

/** What the command line asks of a running platform, over a unix socket that only its owner can open. */
export function createControl(platform: Platform, { keep, stop }: { keep: boolean; stop(): void }): Hono {
  const { units, home, settings } = platform;
  const everyName = () => units.all.map(({ name }) => name);
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

  /** A change that starts processes reads the settings first; it says whom a changed one has not reached. */
  const change = (c: Parameters<typeof stream>[0], work: (report: Report) => Promise<boolean>) =>
    events(c, async (report) => {
      const pending = await settings.reread();
      const ok = await work(report);
      const outdated = units.all.flatMap(({ name, state }) => (isOutdated(state) ? [name] : []));
      if (outdated.length > 0) {
        const names = outdated.join(' ');
        report({
          ...{ unit: '', step: 'settings' },
          message: `Settings have changed; still running with those from before: ${names}; pandect restart ${names}`,
        });
      }
      if (pending.length > 0) {
        const message = `Settings have changed that only a start of the platform applies: ${pending.join(', ')}; systemctl restart pandect, or stop it and pandect up`;
        report({ unit: '', step: 'settings', message });
      }
      return ok;
    });

  app.post('/deploy', async (c) => {
    const {
      units: named,
      all,
      ...options
    } = await c.req.json<ChangeOptions & { units: string[]; all?: boolean; canary?: number }>();
    const names = all ? everyName() : named;
    return change(c, (report) => units.deploy(names, options, report));
  });
  app.post('/restart', async (c) => {
    const { units: named, ...options } = await c.req.json<ChangeOptions & { units: string[] }>();
    const names = named.length > 0 ? named : everyName();
    return change(c, (report) => units.change(names, report, (change) => restart(change, options)));
  });
  app.post('/rollback', async (c) => {
    const { unit, release, ...options } = await c.req.json<Change>();
    return change(c, (report) => units.change([unit], report, (change) => rollback(change, release, options)));
  });
  app.post('/canary', async (c) => {
    const { unit, percent } = await c.req.json<{ unit: string; percent: number }>();
    return events(c, (report) => units.change([unit], report, (change) => changeCanary(change, percent)));
  });
  app.post('/promote', async (c) => {
    const { unit, ...options } = await c.req.json<Change>();
    return events(c, (report) => units.change([unit], report, (change) => promote(change, options)));
  });
  app.post('/abort', async (c) => {
    const { unit } = await c.req.json<Change>();
    return events(c, (report) => units.change([unit], report, abort));
  });
  app.post('/preview', async (c) => {
    const { unit, release } = await c.req.json<Change>();
    const fresh = await units.reread(unit);
    return change(c, (report) => units.change([unit], report, (change) => preview(change, release, fresh)));
  });
  app.post('/preview/end', async (c) => {
    const { unit, release } = await c.req.json<Change>();
    return events(c, (report) => units.change([unit], report, (change) => endPreview(change, release)));
  });
  app.post('/scale', async (c) => {
    const { unit, instances } = await c.req.json<{ unit: string; instances: number | null }>();
    const managed = units.find(unit);
    await scale(managed, instances ?? undefined);
    return c.json({ unit, instances, ...managed.unit.manifest.instances });
  });
  app.post('/queues/:action{pause|resume}', async (c) => {
    const { queue } = await c.req.json<{ queue: string }>();
    const paused = c.req.param('action') === 'pause';
    await pause(units.find(queue), paused);
    return c.json({ queue, state: paused ? 'paused' : 'running' });
  });
  app.post('/keys/rotate', async (c) => {
    const { what = 'all' } = await c.req.json<{ what?: string }>();
    return events(c, (report) => platform.keyRotation.rotate(what, report));
  });
  app.post('/stop', (c) =>
    events(c, async (report) => {
      report({ unit: '', step: 'drain', message: 'everything finishes what it has' });
      stop();
      return true;
    }),
  );
  app.post('/admin/tier', async (c) => {
    const { email, tier } = await c.req.json<{ email: string; tier: string }>();
    return c.json(await changeTier(platform.databaseUrl, email, tier));
  });
  app.post('/admin/account', async (c) => {
    const { email } = await c.req.json<{ email: string }>();
    const shown = await asOperator(platform.databaseUrl, async (tx) => {
      const user = await holdAccount(tx, email);
      return user ? showAccount(tx, user) : null;
    });
    return c.json(shown);
  });
  app.post('/admin/confirm', async (c) =>
    c.json(await confirmAccount(platform.databaseUrl, await c.req.json<Parameters<typeof confirmAccount>[1]>())),
  );
  app.post('/admin/create', async (c) => {
    return c.json(await createAdministrator(platform.databaseUrl, await c.req.json<NewAdministrator>()));
  });
  app.post('/admin/remove', async (c) => {
    const { email } = await c.req.json<{ email: string }>();
    return c.json(await removeAdministrator(platform.databaseUrl, email));
  });
  app.get('/admin/administrators', async (c) => c.json(await listAdministrators(platform.databaseUrl)));
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
