import { countCacheRequest } from '../../../platform/kernel/telemetry/cache-requests.ts';
import { CACHE_PREFIX } from '../../../platform/kernel/variables.ts';
import { type Boot, defineProvider } from '../../../platform/runtime/boot.ts';
import { cache } from '../../../platform/runtime/providers/cache.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { redis } from '../../../platform/runtime/providers/redis.ts';
import { singleFlight } from '../../../platform/runtime/providers/single-flight.ts';
import { callMetering } from '../../commerce/metering/provide-call-metering.ts';
import { channelLimits } from '../../commerce/metering/provide-channel-limits.ts';
import { configurations } from '../configuration/provide-configurations.ts';
import { createPromptLog } from '../prompts/prompt-log.ts';
import { upstreams } from '../providers/provide-upstreams.ts';
import { createExchange } from '../routing/create-exchange.ts';
import { createCallTelemetry } from '../telemetry/call-telemetry.ts';
import { breakerFigures } from '../telemetry/provide-breaker-figures.ts';
import { createCallPlaces } from '../upstream/call-places.ts';
import { upstreamState } from '../upstream/provide-state.ts';
import type { Gateway } from './admit-call.ts';
import { createEstimates } from './estimates.ts';

const callPlaces = defineProvider([CACHE_PREFIX], async (boot, { CACHE_PREFIX: prefix }) => {
  const made = await boot.useAll({ redis, configurations });
  const concurrent = () => made.configurations.inEffect().limits.concurrent;
  const places = createCallPlaces({ redis: made.redis, prefix, concurrent });
  boot.onClose(async () => places.close());
  return places;
});

/** Puts requests to upstreams. */
export async function exchange(boot: Boot) {
  const made = await boot.useAll({ upstreamState, configurations, upstreams });
  const { transport, adapterOf } = made.upstreams;
  return createExchange({
    ...{ state: made.upstreamState, transport, adapterOf },
    limits: {
      get responseBytes() {
        return made.configurations.inEffect().limits.responseBytes;
      },
    },
  });
}

/** All that calls of models need. Those in progress are settled before it closes. */
export async function gateway(boot: Boot): Promise<Gateway> {
  const {
    callPlaces: places,
    callMetering: metering,
    ...made
  } = await boot.useAll({
    ...{
      configurations,
      callPlaces,
      callMetering,
      exchange,
      channelLimits,
      cache,
      singleFlight,
      database,
    },
  });
  await boot.use(breakerFigures);
  const promptLog = createPromptLog(made.database, boot.log);
  boot.onClose(() => promptLog.close());
  const inProgress = new Set<Promise<unknown>>();
  boot.onClose(async () => void (await Promise.all(inProgress)));
  return {
    ...{ ...made, places, metering, inProgress, log: boot.log, estimates: createEstimates() },
    telemetry: createCallTelemetry(boot.metrics),
    promptLog,
    answerCache: {
      ...{ cache: made.cache, singleFlight: made.singleFlight },
      onResult: (result) => countCacheRequest(boot.metrics, 'gateway', result),
    },
  };
}
