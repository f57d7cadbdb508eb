import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { readBody } from '../../runtime/http/read-body.ts';
import { alertRules } from '../alerts/rules/alert-rules.ts';
import { guides } from '../alerts/rules/guides.ts';
import { guideLink } from '../alerts/rules/write-guides.ts';
import { channelRule } from '../alerts/running/channel-rule.ts';
import { alertRows } from './alert-rows.ts';
import type { ConsolePlatform } from './create-console.ts';

const ofSilence = z.strictObject({ rule: z.string(), unit: z.string().optional() });
const LONGEST_SECONDS = 365 * 86_400;

/** Alerts, the rules behind them, and which are not sent for a while. */
export function alertRoutes({ alerts }: Pick<ConsolePlatform, 'alerts'>): Hono {
  const app = new Hono();
  app.get('/alerts', (c) => {
    const listing = alerts.list();
    const rules = [...alertRules, channelRule]
      .filter(({ isForPrometheus }) => !isForPrometheus)
      .map(({ name, severity, threshold, sentence, forSeconds, command }) => ({
        ...{ name, severity, threshold: threshold ?? null, sentence, forSeconds, command },
        ...{ help: guideLink(name), steps: guides[name]?.steps ?? [] },
      }));
    return c.json({ ...listing, alerts: alertRows(listing), rules });
  });
  app.post('/alerts/silences', async (c) => {
    const asked = await readBody(c, ofSilence.extend({ seconds: z.number().positive().max(LONGEST_SECONDS) }));
    const silence = await alerts.silence(asked).catch((error: Error) => {
      throw new HTTPException(400, { message: error.message });
    });
    return c.json(silence);
  });
  app.post('/alerts/silences/end', async (c) => {
    const asked = await readBody(c, ofSilence);
    if (await alerts.endSilence(asked)) return c.json(asked);
    throw new HTTPException(404, { message: `End silence of "${asked.rule}": there is none` });
  });
  return app;
}
