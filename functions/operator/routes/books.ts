import type { Database } from '../../../db/client.ts';
import { checkBooks } from '../../../modules/commerce/billing/index.ts';
import { reconcileUsage, usageKeptSince } from '../../../modules/commerce/metering/index.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

interface BooksDeps {
  database: Database;
  /** Days that single records of usage are kept; undefined keeps all. */
  usageDays: number | undefined;
}

/** `pandect billing check` and `pandect usage reconcile` */
export function books(router: Router, { database, usageDays }: BooksDeps): void {
  router.get('/operator/billing/discrepancies', async (c) => c.json(await database.transaction(checkBooks)));
  router.get('/operator/usage/differences', async (c) => {
    const since = usageDays === undefined ? undefined : usageKeptSince(usageDays, new Date());
    return c.json(await reconcileUsage(database, since));
  });
}
