import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import type { KeyLimits } from '../../../platform/runtime/http/caller.ts';

/** Columns of a key that limit it at the gateway. */
export const keyColumns = {
  routes: apiKeys.routes,
  rpm: apiKeys.rpm,
  tpm: apiKeys.tpm,
  concurrency: apiKeys.concurrency,
};
type KeyRow = Pick<typeof apiKeys.$inferSelect, keyof typeof keyColumns>;

export const keyLimits = ({ routes, rpm, tpm, concurrency }: KeyRow): KeyLimits => ({
  ...(routes && { routes }),
  ...(rpm !== null && { requestsPerMinute: rpm }),
  ...(tpm !== null && { tokensPerMinute: tpm }),
  ...(concurrency !== null && { concurrency }),
});
