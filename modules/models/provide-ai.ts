import { type Boot, defineProvider } from '../../platform/runtime/boot.ts';
import { type AiProvider, createAiProvider } from './index.ts';
import { localEmbeddingModel } from './providers/local/local-embedding.ts';

export async function ai(boot: Boot): Promise<AiProvider> {
  return createAiProvider(await boot.use(aiSettings));
}

type OpenEmbedder = (embedding: AiProvider['embedding']) => Promise<AiProvider | undefined>;

/**
 * A provider with another embedding model than the one that is set up, to go on with an index that was built with it.
 * @returns undefined when it is not to be had: one of the local ones of an earlier version, or one of a service without a key
 */
export async function embedder(boot: Boot): Promise<OpenEmbedder> {
  const configured = await boot.use(aiSettings);
  return async ({ model, dimensions }) => {
    const settings = { ...configured, embeddingModel: model, dimensions };
    if (model === localEmbeddingModel) return createAiProvider({ ...settings, apiKey: undefined });
    return settings.apiKey && !model.startsWith('local-') ? createAiProvider(settings) : undefined;
  };
}

const aiSettings = defineProvider(
  [
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'AI_MODEL_STANDARD',
    'AI_MODEL_ADVANCED',
    'AI_EMBEDDING_MODEL',
    'AI_EMBEDDING_DIMENSIONS',
    'AI_TIMEOUT_SECONDS',
    'OUTBOUND_WHITELIST',
    'OUTBOUND_INTERNAL_HOSTS',
  ],
  (_, settings): Parameters<typeof createAiProvider>[0] => ({
    apiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.OPENAI_BASE_URL,
    models: { standard: settings.AI_MODEL_STANDARD, advanced: settings.AI_MODEL_ADVANCED },
    embeddingModel: settings.AI_EMBEDDING_MODEL,
    dimensions: settings.AI_EMBEDDING_DIMENSIONS,
    timeoutMs: settings.AI_TIMEOUT_SECONDS * 1000,
    allowedHosts: settings.OUTBOUND_WHITELIST,
    internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
  }),
);
