import { z } from 'zod';
import { type RefundDeskDeps, refundCharge } from '../../../modules/bots/stars/refund-charge.ts';
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

const ofRefund = z.strictObject({
  chargeId: z.string().min(1).max(200),
  botId: z.uuid().optional(),
  reason: z.string().trim().min(1).max(500),
});

/** `pandect wallets` */
export function wallets(router: Router, deps: RefundDeskDeps): void {
  const desk = createWalletDesk(deps.database);
  router.post('/operator/wallets/show', async (c) => c.json(await desk.show((await readBody(c, ofOne)).id)));
  router.post('/operator/wallets/grant', async (c) => c.json({ given: await desk.grant(await readBody(c, ofGrant)) }));
  router.post('/operator/wallets/refund', async (c) => c.json(await refundCharge(deps, await readBody(c, ofRefund))));
  router.get('/operator/wallets/discrepancies', async (c) => c.json(await desk.check()));
}
