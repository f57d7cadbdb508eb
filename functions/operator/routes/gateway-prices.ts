import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { importPrices } from '../../../modules/commerce/prices/import-prices.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofImport = z.strictObject({
  /** The public price list, parsed. */
  list: z.record(z.string(), z.unknown()),
  /** Roubles for a dollar, such as `92.5`. */
  rate: z.string(),
  only: z.array(z.string()).optional(),
  /** Now without. */
  validFrom: z.iso.datetime({ offset: true }).optional(),
  dryRun: z.boolean().optional(),
});

/** `pandect gateway prices import` */
export function gatewayPrices(router: Router, { database }: { database: Database }): void {
  router.post('/operator/gateway/prices/import', async (c) => {
    const { list, rate, validFrom, ...rest } = await readBody(c, ofImport);
    const from = validFrom === undefined ? new Date() : new Date(validFrom);
    return c.json(await importPrices(database, list, { roublesPerDollar: rate, validFrom: from, ...rest }));
  });
}
