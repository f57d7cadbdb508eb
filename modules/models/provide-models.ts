import { type Boot, defineProvider } from '../../platform/runtime/boot.ts';
import { type Catalogue, createCatalogue, findAliasRoute } from './catalogue.ts';
import type { ProviderChatDeps } from './chat/create-provider-chat.ts';
import { createTargetChats } from './chat/target-chats.ts';
import { checkServers } from './check-servers.ts';
import { configurations } from './configuration/provide-configurations.ts';
import type { Reachable } from './embedding/embedder.ts';
import { embeddingSettings, upstreamSettings } from './embedding/provide-embedder.ts';
import { upstreams } from './providers/provide-upstreams.ts';
import { breakerFigures } from './telemetry/provide-breaker-figures.ts';
import { upstreamState } from './upstream/provide-state.ts';
import { AI_CONCURRENCY, OPENAI_BASE_URL } from './variables.ts';

/** The models behind the aliases of plans, as the configuration in effect has them. */
export async function catalogue(boot: Boot): Promise<Catalogue> {
  const made = await boot.useAll({ configurations, providerChats, upstreamState });
  await boot.use(breakerFigures);
  const chats = createTargetChats({ ...made.providerChats, state: made.upstreamState });
  boot.onReady(async () => {
    const configuration = await made.configurations.platform();
    const [first] = findAliasRoute(configuration, 'standard')?.targets ?? [];
    // Next to the first requests; what fails is tried again by the question that needs it.
    if (first) chats.prepare(first.target).catch(() => {});
  });
  return createCatalogue(made.configurations, chats.of);
}

/** How chat models of providers are opened. */
const providerChats = defineProvider(
  [OPENAI_BASE_URL, AI_CONCURRENCY],
  async (boot, settings): Promise<ProviderChatDeps> => {
    const configured = settings.OPENAI_BASE_URL.replace(/\/+$/, '');
    return {
      ...(await boot.use(upstreams)),
      concurrencyOf: ({ baseUrl }) => (baseUrl === configured ? settings.AI_CONCURRENCY : undefined),
    };
  },
);

/** Every server that answers questions or embeds. */
export async function aiServers(boot: Boot): Promise<Reachable> {
  const made = await boot.useAll({ configurations, upstreams, embeddingSettings, upstreamSettings });
  return checkServers({
    configurations: made.configurations,
    transport: made.upstreams.transport,
    endpoints: made.embeddingSettings.endpoints,
    settings: made.upstreamSettings,
  });
}
