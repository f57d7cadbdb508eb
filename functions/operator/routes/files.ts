import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { createFileDesk } from '../../../modules/legal/documents/file-desk.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofKeys = z.strictObject({ keys: z.array(z.string()).optional() });

/** `pandect files` */
export function files(router: Router, { database }: { database: Database }): void {
  const desk = createFileDesk(database);
  router.get('/operator/files/missing', async (c) => c.json(await desk.missing()));
  router.get('/operator/files/orphans', async (c) => c.json(await desk.orphans()));
  router.get('/operator/files/counts', async (c) => c.json(await desk.counts()));
  router.post('/operator/files/delete-orphans', async (c) =>
    c.json(await desk.deleteOrphans((await readBody(c, ofKeys)).keys)),
  );
}
