import { z } from 'zod';
import type { GatewayDesk } from '../../../modules/models/configuration/desk.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofSet = z.strictObject({ name: z.string(), secret: z.string().min(1).max(16_384) });
const ofRemove = z.strictObject({ name: z.string() });

/** `pandect gateway secret` */
export function gatewaySecrets(router: Router, { gatewayDesk: desk }: { gatewayDesk: GatewayDesk }): void {
  router.get('/operator/gateway/secrets', async (c) => c.json(await desk.secrets()));
  router.post('/operator/gateway/secrets/set', async (c) => {
    const { name, secret } = await readBody(c, ofSet);
    return c.json(await desk.setSecret(name, secret));
  });
  router.post('/operator/gateway/secrets/remove', async (c) => {
    const { name } = await readBody(c, ofRemove);
    await desk.removeSecret(name);
    return c.json({ name });
  });
}
