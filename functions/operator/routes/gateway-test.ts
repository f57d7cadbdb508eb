import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { countUsage, priceUsage, toDecimal } from '../../../modules/commerce/metering/calls/cost.ts';
import { createPrices } from '../../../modules/commerce/metering/calls/prices.ts';
import type { GatewayDesk } from '../../../modules/models/configuration/desk.ts';
import { tryRoute } from '../../../modules/models/gateway/try-route.ts';
import type { Exchange } from '../../../modules/models/routing/contract.ts';
import { didYouMean } from '../../../platform/kernel/nearest.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofTest = z.strictObject({ route: z.string(), stream: z.boolean() });

interface TestDeps {
  database: Database;
  gatewayDesk: GatewayDesk;
  exchange: Exchange;
}

/** `pandect gateway test` */
export function gatewayTest(router: Router, { database, gatewayDesk: desk, exchange }: TestDeps): void {
  const prices = createPrices(database);
  router.post('/operator/gateway/test', async (c) => {
    const { route: name, stream } = await readBody(c, ofTest);
    const configuration = await desk.configuration();
    const route = configuration.route(name);
    if (!route) {
      const known = configuration.routes().map((each) => each.name);
      throw new Refused('missing', `Test route "${name}": there is none${didYouMean(name, known)}`);
    }
    await prices.refresh();
    const costOf = (price: string, usage: Parameters<typeof countUsage>[0]) => {
      const found = prices.find(price, Date.now(), usage.input);
      return found && toDecimal(priceUsage(found, countUsage(usage)));
    };
    return c.json(await tryRoute({ exchange, costOf }, route, { stream, signal: c.req.raw.signal }));
  });
}
