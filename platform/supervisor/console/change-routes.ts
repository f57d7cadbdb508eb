import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { unitActions } from '../../kernel/console/unit-actions.ts';
import { readBody } from '../../runtime/http/read-body.ts';
import type { Report } from '../control/contract.ts';
import { notedBy } from '../control/events.ts';
import type { ManagedSite } from '../sites/managed-site.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { abort, changeCanary, promote } from '../units/operations/canary.ts';
import { endPreview, preview } from '../units/operations/preview.ts';
import { restart } from '../units/operations/restart.ts';
import { rollback } from '../units/operations/rollback.ts';
import { scale } from '../units/operations/scale.ts';
import type { Changes } from './changes.ts';
import type { ConsolePlatform } from './create-console.ts';

const ofChange = z.strictObject({
  action: z.enum(unitActions),
  release: z.string().optional(),
  percent: z.number().min(0).max(100).optional(),
  /** Null: by load. */
  instances: z.int().min(0).nullable().optional(),
  by: z.string().min(1).max(254),
});
type Asked = z.output<typeof ofChange>;
type Work = (report: Report) => Promise<boolean>;
type Parts = Pick<ConsolePlatform, 'units' | 'sites' | 'settings' | 'noteRelease'>;

/** Changes of units. They go on when who asked for them has left. */
export function changeRoutes(platform: Parts, changes: Changes): Hono {
  const app = new Hono();
  app.post('/units/:unit/changes', async (c) => {
    const asked = await readBody(c, ofChange);
    const site = platform.sites.find(c.req.param('unit'));
    const managed = site ?? platform.units.find(c.req.param('unit'));
    const work = site ? ofSite(platform, site, asked) : ofUnit(platform, managed as ManagedUnit, asked);
    const { action, by } = asked;
    const begun = managed.lock.isHeld ? undefined : changes.begin({ unit: managed.name, action, by }, work);
    if (begun) return c.json(begun, 202);
    const other = changes.running().find(({ unit }) => unit === managed.name);
    const words = other
      ? `${other.by} asked for "${other.action}" at ${other.startedAt}`
      : 'it was asked for on the host';
    throw new HTTPException(409, { message: `Change "${managed.name}": another change is under way; ${words}` });
  });
  app.get('/changes/:id', (c) => {
    const change = changes.find(c.req.param('id'));
    if (!change) throw new HTTPException(404, { message: `Find change "${c.req.param('id')}": there is none` });
    return c.json(change);
  });
  app.get('/changes/:id/events', (c) => {
    const id = c.req.param('id');
    if (!changes.find(id)) throw new HTTPException(404, { message: `Follow change "${id}": there is none` });
    const after = z.coerce.number().int().min(0).catch(0).parse(c.req.query('after'));
    return stream(c, async (output) => {
      const left = new AbortController();
      output.onAbort(() => left.abort());
      for await (const line of changes.follow(id, after, left.signal)) {
        await output.writeln(line ? JSON.stringify(line) : '');
      }
    });
  });
  return app;
}

/** @throws HTTPException for what such a change cannot be */
function ofUnit(platform: Parts, { name }: ManagedUnit, asked: Asked): Work {
  const { units } = platform;
  const { action, release, by } = asked;
  const noted = notedBy(platform);
  const options = { by };
  const change = (report: Report, operation: Parameters<typeof units.change>[2]) =>
    units.change([name], report, operation);
  const withSettings =
    (work: Work): Work =>
    async (report) => {
      await platform.settings.reread();
      return work(report);
    };
  switch (action) {
    case 'deploy':
      return withSettings((report) => units.deploy([name], options, noted(report)));
    case 'restart':
      return withSettings((report) => change(report, (each) => restart(each, options)));
    case 'rollback':
      return withSettings((report) => change(noted(report), (each) => rollback(each, release, options)));
    case 'canary':
      return canary(platform, name, asked);
    case 'promote':
      return (report) => change(noted(report), (each) => promote(each, options));
    case 'abort':
      return (report) => change(report, abort);
    case 'preview':
      return withSettings(async (report) => {
        const fresh = await units.reread(name);
        return change(report, (each) => preview(each, release, fresh));
      });
    case 'end-preview':
      return (report) => change(report, (each) => endPreview(each, release));
    case 'scale':
      return scaling(platform, name, asked);
  }
}

/** A share of the callers for the canary there is; without one, for what the folder holds now. */
function canary(platform: Parts, name: string, { percent, by }: Asked): Work {
  if (percent === undefined) throw missing('Canary of', name, 'percent');
  const { units } = platform;
  return async (report) => {
    if (units.find(name).state.canary) return units.change([name], report, (each) => changeCanary(each, percent));
    await platform.settings.reread();
    return units.deploy([name], { by, canary: percent }, notedBy(platform)(report));
  };
}

function scaling({ units }: Parts, name: string, { instances }: Asked): Work {
  if (instances === undefined) throw missing('Scale', name, 'instances');
  return (report) =>
    units.change([name], report, async (each) => {
      await scale(each.managed, instances ?? undefined);
      const message = instances === null ? 'by load' : instances === 1 ? '1 process' : `${instances} processes`;
      each.report({ step: 'done', message, ms: each.since() });
    });
}

/** @throws HTTPException for what no site can do */
function ofSite(platform: Parts, site: ManagedSite, { action, release, by }: Asked): Work {
  const { sites } = platform;
  const noted = notedBy(platform);
  switch (action) {
    case 'deploy':
      return (report) => sites.deploy(site, { by }, noted(report));
    case 'rollback':
      return (report) => sites.rollback(site, release, { by }, noted(report));
    case 'preview':
      return (report) => sites.preview(site, release, report);
    case 'end-preview':
      return (report) => sites.endPreview(site, release, report);
    default:
      throw new HTTPException(409, {
        message: `Do "${action}" with "${site.name}": it is a site, which has no processes`,
      });
  }
}

const missing = (what: string, name: string, field: string) =>
  new HTTPException(400, { message: `${what} "${name}": "${field}" is missing` });
