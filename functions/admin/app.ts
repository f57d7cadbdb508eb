import { administratorsOnly } from '../../modules/people/administration/administrators-only.ts';
import { freshSignIn } from '../../modules/people/administration/fresh-sign-in.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { addPrice } from './routes/add-price.ts';
import { changeKey } from './routes/change-key.ts';
import { changeOrganization } from './routes/change-organization.ts';
import { changePlan } from './routes/change-plan.ts';
import { confirmPayment } from './routes/confirm-payment.ts';
import { getOrganization } from './routes/get-organization.ts';
import { getPlan } from './routes/get-plan.ts';
import { getUsage } from './routes/get-usage.ts';
import { giveCredits } from './routes/give-credits.ts';
import { listOrganizations } from './routes/list-organizations.ts';
import { listPayments } from './routes/list-payments.ts';
import { listPrices } from './routes/list-prices.ts';
import { overridePlan } from './routes/override-plan.ts';

export const provide = { tokens, database, idempotency, notifications };

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens);
  router.use(administratorsOnly(deps.database));
  router.use(freshSignIn);
  listOrganizations(router, deps);
  getOrganization(router, deps);
  changeOrganization(router, deps);
  overridePlan(router, deps);
  giveCredits(router, deps);
  getPlan(router, deps);
  changePlan(router, deps);
  listPrices(router, deps);
  addPrice(router, deps);
  listPayments(router, deps);
  confirmPayment(router, deps);
  changeKey(router, deps);
  getUsage(router, deps);
  return router;
}
