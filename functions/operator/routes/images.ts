import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { generationStates } from '../../../modules/pictures/contract.ts';
import { createImageDesk } from '../../../modules/pictures/image-desk.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofList = z.strictObject({
  status: z.enum(generationStates).optional(),
  organization: z.uuid().optional(),
  limit: z.int().min(1).max(1_000),
});
const ofOne = z.strictObject({ id: z.string() });

/** `pandect images` */
export function images(router: Router, { database }: { database: Database }): void {
  const desk = createImageDesk(database);
  router.post('/operator/images/list', async (c) => c.json(await desk.list(await readBody(c, ofList))));
  router.post('/operator/images/show', async (c) => c.json(await desk.show((await readBody(c, ofOne)).id)));
  router.post('/operator/images/cancel', async (c) => c.json(await desk.cancel((await readBody(c, ofOne)).id)));
}
