import { OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../../platform/kernel/variables.ts';
import { type Boot, defineProvider } from '../../../platform/runtime/boot.ts';
import { outboundPlaces } from '../../../platform/runtime/providers/outbound-places.ts';
import { AI_TIMEOUT_SECONDS, CIRCUIT_BREAKER_FAILURE_THRESHOLD, CIRCUIT_BREAKER_RESET_SECONDS } from '../variables.ts';
import { createEmbedder } from './create-embedder.ts';
import type { Embedder } from './embedder.ts';
import { configuredEmbedding, embeddingEndpoints, embeddingVariables } from './embedding-settings.ts';

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

export const embeddingSettings = defineProvider(embeddingVariables, (_, settings) => ({
  configured: configuredEmbedding(settings),
  endpoints: embeddingEndpoints(settings),
}));

/** How servers that embed are called. */
export const upstreamSettings = defineProvider(
  [
    AI_TIMEOUT_SECONDS,
    CIRCUIT_BREAKER_FAILURE_THRESHOLD,
    CIRCUIT_BREAKER_RESET_SECONDS,
    OUTBOUND_WHITELIST,
    OUTBOUND_INTERNAL_HOSTS,
  ],
  async (boot, settings) => ({
    timeoutMs: settings.AI_TIMEOUT_SECONDS * 1000,
    breaker: {
      failures: settings.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
      resetMs: settings.CIRCUIT_BREAKER_RESET_SECONDS * 1000,
    },
    allowedHosts: settings.OUTBOUND_WHITELIST,
    internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
    places: await boot.use(outboundPlaces),
  }),
);
