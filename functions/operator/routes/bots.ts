import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { createBotDesk } from '../../../modules/bots/records/bot-desk.ts';
import type { Bots } from '../../../modules/bots/records/contract.ts';
import { skillNames } from '../../../modules/bots/records/settings.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofList = z.strictObject({ organization: z.uuid().optional(), limit: z.int().min(1).max(1_000) });
const ofBot = z.strictObject({
  organization: z.string(),
  token: z.string(),
  skills: z.array(z.enum(skillNames)).min(1).max(skillNames.length),
  timeZone: z.string().min(1).max(60),
});
const ofOne = z.strictObject({ id: z.string() });
const ofDelivery = z.strictObject({ id: z.string(), delivery: z.enum(['webhook', 'polling']) });

/** `pandect bots` */
export function bots(router: Router, deps: { database: Database; bots: Bots }): void {
  const desk = createBotDesk(deps);
  router.post('/operator/bots/list', async (c) => c.json(await desk.list(await readBody(c, ofList))));
  router.post('/operator/bots/show', async (c) => c.json(await desk.show((await readBody(c, ofOne)).id)));
  router.post('/operator/bots/add', async (c) => {
    const { organization, ...asked } = await readBody(c, ofBot);
    return c.json(await desk.add(organization, { ...asked, settings: {} }));
  });
  router.post('/operator/bots/check', async (c) => c.json(await desk.check((await readBody(c, ofOne)).id)));
  router.post('/operator/bots/delivery', async (c) => {
    const { id, delivery } = await readBody(c, ofDelivery);
    return c.json(await desk.setDelivery(id, delivery));
  });
  router.get('/operator/bots/health', async (c) => c.json(await desk.health()));
}
