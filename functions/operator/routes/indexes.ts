import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import type { IndexSettings } from '../../../modules/legal/index/index.ts';
import { createIndexDesk } from '../../../modules/legal/index/index-desk.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

interface IndexesDeps {
  database: Database;
  queue: Queue;
  indexSettings: IndexSettings;
}

/** `pandect reindex` */
export function indexes(router: Router, { database, queue, indexSettings }: IndexesDeps): void {
  const desk = createIndexDesk(database, queue, indexSettings);
  router.get('/operator/indexes', async (c) => c.json(await desk.list()));
  router.post('/operator/indexes/begin', async (c) => {
    const { force } = await readBody(c, z.strictObject({ force: z.boolean() }));
    return c.json({ generation: (await desk.begin(force)) ?? null });
  });
  router.post('/operator/indexes/roll-back', async (c) => c.json(await desk.rollBack()));
  router.post('/operator/indexes/abort', async (c) => c.json({ generation: await desk.abort() }));
}
