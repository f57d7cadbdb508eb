import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { importPrices } from '../../../modules/commerce/prices/import-prices.ts';
import { pricesInForce } from '../../../modules/commerce/prices/prices-in-force.ts';
import type { RouteEntry } from '../../../modules/models/configuration/contract.ts';
import type { GatewayDesk } from '../../../modules/models/configuration/desk.ts';
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

interface PricesDeps {
  database: Database;
  gatewayDesk: Pick<GatewayDesk, 'show'>;
}

/** `pandect gateway prices` */
export function gatewayPrices(router: Router, { database, gatewayDesk }: PricesDeps): void {
  router.get('/operator/gateway/prices', async (c) => {
    const { document } = await gatewayDesk.show();
    const models = Object.entries(document.models);
    const prices = await pricesInForce(database, [...new Set(models.map(([, { name, price = name }]) => price))]);
    return c.json(
      models.map(([target, { provider, name, price = name }]) => ({
        ...{ target, provider, model: name, price, ...prices.get(price) },
        routes: Object.keys(document.routes).filter((route) => leadsTo(document.routes[route], target)),
      })),
    );
  });
  router.post('/operator/gateway/prices/import', async (c) => {
    const { list, rate, validFrom, ...rest } = await readBody(c, ofImport);
    const from = validFrom === undefined ? new Date() : new Date(validFrom);
    return c.json(await importPrices(database, list, { roublesPerDollar: rate, validFrom: from, ...rest }));
  });
}

const leadsTo = (route: RouteEntry | undefined, target: string): boolean => {
  const { targets = [] } = route ?? {};
  return Array.isArray(targets) ? targets.includes(target) : target in targets;
};
