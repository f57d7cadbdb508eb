import { CACHE_PREFIX, OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../platform/kernel/variables.ts';
import { type Boot, defineProvider } from '../../platform/runtime/boot.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import { checkServers } from './check-servers.ts';
import { configurations } from './configuration/provide-configurations.ts';
import type { ProviderChatDeps } from './create-provider-chat.ts';
import type { Reachable } from './embedder.ts';
import { embeddingSettings, upstreamSettings } from './provide-embedder.ts';
import { createAdapters } from './providers/adapters.ts';
import { createRedisTokens } from './providers/tokens/redis-tokens.ts';
import { createTargetChats } from './target-chats.ts';
import { upstreamState } from './upstream/provide-state.ts';
import { createTransport } from './upstream/transport.ts';
import { AI_CONCURRENCY, OPENAI_BASE_URL } from './variables.ts';

/** The models behind the aliases of plans, as the configuration in effect has them. */
export async function catalogue(boot: Boot): Promise<Catalogue> {
  const made = await boot.useAll({ configurations, providerChats, upstreamState });
  const chats = createTargetChats({ ...made.providerChats, state: made.upstreamState });
  boot.onReady(async () => {
    const configuration = await made.configurations.platform();
    const [first] = configuration.route('standard')?.targets ?? [];
    // Next to the first requests; what fails is tried again by the question that needs it.
    if (first) chats.prepare(first.target).catch(() => {});
  });
  return createCatalogue(made.configurations, chats.of);
}

/** What providers are called with. */
const providerChats = defineProvider(
  [OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS, CACHE_PREFIX, OPENAI_BASE_URL, AI_CONCURRENCY],
  async (boot, settings): Promise<ProviderChatDeps> => {
    const outbound = { allowedHosts: settings.OUTBOUND_WHITELIST, internalHosts: settings.OUTBOUND_INTERNAL_HOSTS };
    const transport = createTransport(outbound);
    boot.onClose(async () => transport.close());
    const tokens = createRedisTokens(await boot.use(redis), settings.CACHE_PREFIX);
    const configured = settings.OPENAI_BASE_URL.replace(/\/+$/, '');
    return {
      ...outbound,
      transport,
      adapterOf: createAdapters({ tokens }),
      concurrencyOf: ({ baseUrl }) => (baseUrl === configured ? settings.AI_CONCURRENCY : undefined),
    };
  },
);

/** Every server that answers questions or embeds. */
export async function aiServers(boot: Boot): Promise<Reachable> {
  const made = await boot.useAll({ configurations, providerChats, embeddingSettings, upstreamSettings });
  return checkServers({
    configurations: made.configurations,
    transport: made.providerChats.transport,
    endpoints: made.embeddingSettings.endpoints,
    settings: made.upstreamSettings,
  });
}
