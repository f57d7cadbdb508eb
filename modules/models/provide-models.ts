import { OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../platform/kernel/variables.ts';
import { type Boot, defineProvider } from '../../platform/runtime/boot.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import type { ChatModel } from './chat-model.ts';
import { createChatModel } from './create-chat-model.ts';
import { createEmbedder } from './create-embedder.ts';
import type { Embedder, Reachable } from './embedder.ts';
import { configuredEmbedding, embeddingEndpoints, embeddingVariables } from './embedding-settings.ts';
import { upstreamState } from './upstream/provide-state.ts';
import {
  AI_CONCURRENCY,
  AI_MODEL_ADVANCED,
  AI_MODEL_STANDARD,
  AI_TIMEOUT_SECONDS,
  CIRCUIT_BREAKER_FAILURE_THRESHOLD,
  CIRCUIT_BREAKER_RESET_SECONDS,
  OPENAI_API_KEY,
  OPENAI_BASE_URL,
  OPENAI_CA_PATH,
} from './variables.ts';

export const catalogue = async (boot: Boot): Promise<Catalogue> => createCatalogue(await boot.use(chatSettings));

/** The model behind a key, or the local one without. */
export async function chatModel(boot: Boot): Promise<ChatModel> {
  const made = await boot.useAll({ chatSettings, upstreamSettings });
  const state = made.chatSettings.apiKey ? await boot.use(upstreamState) : undefined;
  return createChatModel({ ...made.upstreamSettings, ...made.chatSettings, state });
}

/** What new indexes are built with. */
export async function embedder(boot: Boot): Promise<Embedder> {
  const made = await boot.useAll({ embeddingSettings, openEmbedder });
  // Of what is configured, none is unavailable.
  return (await made.openEmbedder(made.embeddingSettings.configured)) as Embedder;
}

type OpenEmbedder = (embedding: Pick<Embedder, 'id' | 'dimensions'>) => Promise<Embedder | undefined>;

/** Opens embedders for indexes that were built with another model, see `createEmbedder`. */
export async function openEmbedder(boot: Boot): Promise<OpenEmbedder> {
  const made = await boot.useAll({ embeddingSettings, upstreamSettings });
  return (embedding) => createEmbedder(embedding, made.embeddingSettings.endpoints, made.upstreamSettings);
}

/** Every server that answers or embeds. */
export async function aiServers(boot: Boot): Promise<Reachable> {
  const made = await boot.useAll({ embeddingSettings, upstreamSettings });
  const { endpoints } = made.embeddingSettings;
  if (endpoints.length === 0) return { check: async () => {} };
  const { connectOpenAi } = await import('./providers/openai/client.ts');
  const servers = endpoints.map((endpoint) => connectOpenAi({ ...made.upstreamSettings, ...endpoint }));
  return {
    async check(signal) {
      await Promise.all(servers.map((server) => server.check(signal)));
    },
  };
}

const chatSettings = defineProvider(
  [OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_CA_PATH, AI_CONCURRENCY, AI_MODEL_STANDARD, AI_MODEL_ADVANCED],
  (_, settings) => ({
    apiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.OPENAI_BASE_URL,
    caPath: settings.OPENAI_CA_PATH,
    concurrency: settings.AI_CONCURRENCY,
    models: { standard: settings.AI_MODEL_STANDARD, advanced: settings.AI_MODEL_ADVANCED },
  }),
);

export const embeddingSettings = defineProvider(embeddingVariables, (_, settings) => ({
  configured: configuredEmbedding(settings),
  endpoints: embeddingEndpoints(settings),
}));

const upstreamSettings = defineProvider(
  [
    AI_TIMEOUT_SECONDS,
    CIRCUIT_BREAKER_FAILURE_THRESHOLD,
    CIRCUIT_BREAKER_RESET_SECONDS,
    OUTBOUND_WHITELIST,
    OUTBOUND_INTERNAL_HOSTS,
  ],
  (_, settings) => ({
    timeoutMs: settings.AI_TIMEOUT_SECONDS * 1000,
    breaker: {
      failures: settings.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
      resetMs: settings.CIRCUIT_BREAKER_RESET_SECONDS * 1000,
    },
    allowedHosts: settings.OUTBOUND_WHITELIST,
    internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
  }),
);
