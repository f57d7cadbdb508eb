import { readSecretsKey } from '../../../platform/capabilities/secrets/index.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { feed } from '../../../platform/runtime/providers/feed.ts';
import { breakerLimits } from '../upstream/provide-breaker-limits.ts';
import {
  AI_TIMEOUT_SECONDS,
  CACHE_DEFAULT_TTL,
  GATEWAY_MAX_CONCURRENCY,
  GATEWAY_SECRETS_KEY_PATH,
  MAX_REQUEST_BYTES,
  MAX_RESPONSE_BYTES,
} from '../variables.ts';
import { createConfigurations, type FollowedConfigurations } from './configurations.ts';
import { environmentVariables } from './from-environment.ts';
import { filesOf, fileVariables } from './key-source.ts';
import type { GatewayDefaults } from './resolve.ts';

const CONNECT_MS = 10_000;
const LONGEST_IDLE_SECONDS = 30;
const MEDIA_BYTES = 20 * 1_048_576;

/** What is in effect where a document says nothing. */
export const gatewayDefaults = defineProvider(
  [AI_TIMEOUT_SECONDS, CACHE_DEFAULT_TTL, GATEWAY_MAX_CONCURRENCY, MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES],
  async (boot, settings): Promise<GatewayDefaults> => ({
    limits: {
      bodyBytes: settings.MAX_REQUEST_BYTES,
      responseBytes: settings.MAX_RESPONSE_BYTES,
      mediaBodyBytes: MEDIA_BYTES,
      concurrent: settings.GATEWAY_MAX_CONCURRENCY,
    },
    breaker: (await boot.use(breakerLimits)).inEffect(),
    timeouts: {
      connectMs: CONNECT_MS,
      firstMs: settings.AI_TIMEOUT_SECONDS * 1000,
      idleMs: Math.min(settings.AI_TIMEOUT_SECONDS, LONGEST_IDLE_SECONDS) * 1000,
      totalMs: settings.AI_TIMEOUT_SECONDS * 5000,
    },
    cacheSeconds: settings.CACHE_DEFAULT_TTL,
  }),
);

/** The configuration of the gateway, which a process that is ready has read. */
export const configurations = defineProvider(
  [...environmentVariables, ...fileVariables, GATEWAY_SECRETS_KEY_PATH],
  async (boot, settings): Promise<FollowedConfigurations> => {
    const { live, ...made } = await boot.useAll({ database, feed, defaults: gatewayDefaults, live: breakerLimits });
    const following = createConfigurations({
      ...made,
      settings,
      files: filesOf(settings),
      readKey: () => readSecretsKey(settings.GATEWAY_SECRETS_KEY_PATH),
      log: boot.log,
    });
    live.inEffect = () => following.inEffect().breaker;
    boot.onReady(async () => void (await following.platform()));
    boot.onClose(() => following.close());
    return following;
  },
);
