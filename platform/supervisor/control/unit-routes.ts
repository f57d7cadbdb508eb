import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { readBody } from '../../runtime/http/read-body.ts';
import type { Platform } from '../platform.ts';
import { describeSource } from '../source/describe-source.ts';
import { abort, changeCanary, promote } from '../units/operations/canary.ts';
import { pause } from '../units/operations/pause.ts';
import { endPreview, preview } from '../units/operations/preview.ts';
import { restart } from '../units/operations/restart.ts';
import { rollback } from '../units/operations/rollback.ts';
import { scale } from '../units/operations/scale.ts';
import { events, eventsWithSettings, notedBy } from './events.ts';

/** `ChangeOptions`; every command that changes units sends some of them. */
export const options = { by: z.string().optional(), watch: z.number().min(0).optional(), wait: z.boolean().optional() };
const unit = z.string();
export const ofOne = z.strictObject({ unit, release: z.string().optional(), ...options });
const ofSeveral = z.strictObject({ units: z.array(z.string()), ...options });
const ofDeploy = ofSeveral.extend({ all: z.boolean().optional(), canary: z.number().optional() });
const ofCanary = z.strictObject({ unit, percent: z.number(), ...options });
const ofScale = z.strictObject({ unit, instances: z.number().nullable(), ...options });
const ofQueue = z.strictObject({ queue: z.string() });

/** Changes of units: the bodies are `ChangeOptions` with what each is about. */
export function unitRoutes(platform: Pick<Platform, 'units' | 'sites' | 'sources' | 'settings' | 'noteRelease'>): Hono {
  const { units, sites, sources } = platform;
  const noted = notedBy(platform);
  const app = new Hono();
  const everyName = () => units.all.map(({ name }) => name);

  app.post('/deploy', async (c) => {
    const { units: names, all: isAll, ...options } = await readBody(c, ofDeploy);
    const named = sites.all.filter(({ name }) => isAll || names.includes(name));
    const others = isAll ? everyName() : names.filter((name) => !sites.find(name));
    if (named.length > 0 && options.canary !== undefined) {
      throw new HTTPException(400, { message: `Deploy "${named[0]?.name}" as a canary: it is a site, which has none` });
    }
    return eventsWithSettings(c, platform, async (report) => {
      const pushed = others.length > 0 ? await sources.record() : undefined;
      if (pushed) report({ unit: '', step: 'source', message: `Built from the source ${describeSource(pushed)}` });
      let ok = await units.deploy(others, options, noted(report));
      for (const site of named) ok = (await sites.deploy(site, { ...options, all: isAll }, noted(report))) && ok;
      return ok;
    });
  });
  app.post('/restart', async (c) => {
    const { units: named, ...options } = await readBody(c, ofSeveral);
    const names = named.length > 0 ? named : everyName();
    return eventsWithSettings(c, platform, (report) =>
      units.change(names, report, (change) => restart(change, options)),
    );
  });
  app.post('/rollback', async (c) => {
    const { unit, release, ...options } = await readBody(c, ofOne);
    return eventsWithSettings(c, platform, (report) =>
      units.change([unit], noted(report), (change) => rollback(change, release, options)),
    );
  });
  app.post('/canary', async (c) => {
    const { unit, percent } = await readBody(c, ofCanary);
    return events(c, (report) => units.change([unit], report, (change) => changeCanary(change, percent)));
  });
  app.post('/promote', async (c) => {
    const { unit, ...options } = await readBody(c, ofOne);
    return events(c, (report) => units.change([unit], noted(report), (change) => promote(change, options)));
  });
  app.post('/abort', async (c) => {
    const { unit } = await readBody(c, ofOne);
    return events(c, (report) => units.change([unit], report, abort));
  });
  app.post('/preview', async (c) => {
    const { unit, release } = await readBody(c, ofOne);
    const fresh = await units.reread(unit);
    return eventsWithSettings(c, platform, (report) =>
      units.change([unit], report, (change) => preview(change, release, fresh)),
    );
  });
  app.post('/preview/end', async (c) => {
    const { unit, release } = await readBody(c, ofOne);
    return events(c, (report) => units.change([unit], report, (change) => endPreview(change, release)));
  });
  app.post('/scale', async (c) => {
    const { unit, instances } = await readBody(c, ofScale);
    const managed = units.find(unit);
    await scale(managed, instances ?? undefined);
    return c.json({ unit, instances, ...managed.unit.manifest.instances });
  });
  app.post('/queues/:action{pause|resume}', async (c) => {
    const { queue } = await readBody(c, ofQueue);
    const paused = c.req.param('action') === 'pause';
    await pause(units.ofQueue(queue), paused);
    return c.json({ queue, state: paused ? 'paused' : 'running' });
  });
  return app;
}
