import type { Database } from '../../../db/client.ts';
import { checkBooks } from '../../../modules/commerce/billing/index.ts';
import { reconcileUsage } from '../../../modules/commerce/metering/index.ts';
import { keptSince, type Retention } from '../../../modules/legal/retention/provide-retention.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

interface BooksDeps {
  database: Database;
  retention: Retention;
}

/** `pandect billing check` and `pandect usage reconcile` */
export function books(router: Router, { database, retention }: BooksDeps): void {
  router.get('/operator/billing/discrepancies', async (c) => c.json(await database.transaction(checkBooks)));
  router.get('/operator/usage/differences', async (c) => {
    const { usage } = keptSince(retention, new Date());
    return c.json(await reconcileUsage(database, usage));
  });
}
