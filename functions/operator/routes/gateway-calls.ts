import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { listCalls } from '../../../modules/commerce/metering/calls/list-calls.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofList = z.strictObject({
  organization: z.uuid().optional(),
  key: z.uuid().optional(),
  sinceMs: z.int().min(1),
  limit: z.int().min(1).max(10_000),
});

/** `pandect gateway calls` */
export function gatewayCalls(router: Router, { database }: { database: Database }): void {
  router.post('/operator/gateway/calls', async (c) => {
    const { organization: organizationId, key: keyId, ...rest } = await readBody(c, ofList);
    return c.json(await listCalls(database, { organizationId, keyId, ...rest }));
  });
}
