import { z } from 'zod';
import type { GatewayDesk } from '../../../modules/models/configuration/desk.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const version = z.int().min(1);
const how = { comment: z.string().max(500).optional(), by: z.string().min(1).max(100), dryRun: z.boolean() };
const ofApply = z.strictObject({ document: z.unknown(), ...how });
const ofRollback = z.strictObject({ version, ...how });
const ofShow = z.strictObject({ version: version.optional() });
const ofVersions = z.strictObject({ limit: z.int().min(1).max(10_000) });

/** `pandect gateway` for its configuration: `apply`, `diff`, `show`, `versions`, `rollback` and `routes` */
export function gateway(router: Router, { gatewayDesk: desk }: { gatewayDesk: GatewayDesk }): void {
  router.post('/operator/gateway/show', async (c) => {
    const asked = await readBody(c, ofShow);
    return c.json(await desk.show(asked.version));
  });
  router.post('/operator/gateway/versions', async (c) => {
    const { limit } = await readBody(c, ofVersions);
    return c.json(await desk.versions(limit));
  });
  router.post('/operator/gateway/apply', async (c) => {
    const { document, comment = null, ...rest } = await readBody(c, ofApply);
    return c.json(await desk.apply(document, { comment, ...rest }));
  });
  router.post('/operator/gateway/roll-back', async (c) => {
    const { version, comment = null, ...rest } = await readBody(c, ofRollback);
    return c.json(await desk.rollBack(version, { comment, ...rest }));
  });
  router.get('/operator/gateway/routes', async (c) => c.json(await desk.routes()));
}
