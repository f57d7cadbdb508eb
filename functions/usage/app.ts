import { channelLimits, personRequests } from '../../modules/commerce/metering/provide-channel-limits.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { getLimits } from './routes/get-limits.ts';
import { getUsage } from './routes/get-usage.ts';
import { getUsageByDay } from './routes/get-usage-by-day.ts';

export const provide = { tokens, database, channelLimits, personRequests };

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens, { scope: 'usage' });
  getUsage(router, deps);
  getUsageByDay(router, deps);
  getLimits(router, deps);
  return router;
}
