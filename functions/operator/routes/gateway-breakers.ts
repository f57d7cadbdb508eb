import { z } from 'zod';
import type { GatewayDesk } from '../../../modules/models/configuration/desk.ts';
import type { UpstreamState } from '../../../modules/models/upstream/upstream-state.ts';
import { didYouMean } from '../../../platform/kernel/nearest.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofSet = z.strictObject({ target: z.string(), state: z.enum(['open', 'closed']) });

interface BreakersDeps {
  gatewayDesk: GatewayDesk;
  upstreamState: UpstreamState;
}

/** `pandect gateway breakers` */
export function gatewayBreakers(router: Router, { gatewayDesk: desk, upstreamState: state }: BreakersDeps): void {
  router.get('/operator/gateway/breakers', async (c) => c.json(await state.list()));
  router.post('/operator/gateway/breakers/set', async (c) => {
    const asked = await readBody(c, ofSet);
    const { document } = await desk.show();
    const known = Object.keys(document.models);
    if (!known.includes(asked.target)) {
      throw new Refused(
        'missing',
        `Set breaker of "${asked.target}": no such target${didYouMean(asked.target, known)}`,
      );
    }
    await state.set(asked.target, asked.state);
    return c.json(asked);
  });
}
