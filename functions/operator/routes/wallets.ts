import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { createWalletDesk } from '../../../modules/commerce/wallets/wallet-desk.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofOne = z.strictObject({ id: z.string() });
const ofGrant = z.strictObject({
  id: z.string(),
  unit: z.string(),
  amount: z.int().min(1).max(1_000_000),
  reason: z.string().trim().min(1).max(500),
  reference: z.string().trim().min(1).max(200),
});

/** `pandect wallets` */
export function wallets(router: Router, { database }: { database: Database }): void {
  const desk = createWalletDesk(database);
  router.post('/operator/wallets/show', async (c) => c.json(await desk.show((await readBody(c, ofOne)).id)));
  router.post('/operator/wallets/grant', async (c) => c.json({ given: await desk.grant(await readBody(c, ofGrant)) }));
  router.get('/operator/wallets/discrepancies', async (c) => c.json(await desk.check()));
}
