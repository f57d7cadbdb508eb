import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { readBody } from '../../runtime/http/read-body.ts';
import type { Platform } from '../platform.ts';

const ofSilence = z.strictObject({ rule: z.string(), unit: z.string().optional() });
const LONGEST_SECONDS = 365 * 86_400;

/** What `pandect alerts` asks. */
export function alertRoutes({ alerts, settings }: Pick<Platform, 'alerts' | 'settings'>): Hono {
  const app = new Hono();
  app.get('/', (c) => c.json(alerts.list()));
  app.post('/test', async (c) => {
    // Those that were set a moment ago are what is to be tried.
    await settings.reread();
    return c.json(await alerts.test());
  });
  app.post('/silences', async (c) => {
    const asked = await readBody(c, ofSilence.extend({ seconds: z.number().positive().max(LONGEST_SECONDS) }));
    return c.json(await alerts.silence(asked).catch(refuse));
  });
  app.post('/silences/end', async (c) => {
    const asked = await readBody(c, ofSilence);
    if (await alerts.endSilence(asked)) return c.json(asked);
    const unit = asked.unit === undefined ? '' : ` of "${asked.unit}"`;
    throw new HTTPException(404, { message: `End silence of "${asked.rule}"${unit}: there is none` });
  });
  return app;
}

function refuse(error: Error): never {
  throw new HTTPException(400, { message: error.message });
}
