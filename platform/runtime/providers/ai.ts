import { type AiProvider, createAiProvider } from '../../capabilities/ai/index.ts';
import type { Boot } from '../boot.ts';

export async function ai(boot: Boot): Promise<AiProvider> {
  const settings = boot.environment(
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'AI_MODEL_STANDARD',
    'AI_MODEL_ADVANCED',
    'AI_EMBEDDING_MODEL',
    'AI_EMBEDDING_DIMENSIONS',
    'AI_TIMEOUT_SECONDS',
    'OUTBOUND_WHITELIST',
  );
  return createAiProvider({
    apiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.OPENAI_BASE_URL,
    models: { standard: settings.AI_MODEL_STANDARD, advanced: settings.AI_MODEL_ADVANCED },
    embeddingModel: settings.AI_EMBEDDING_MODEL,
    dimensions: settings.AI_EMBEDDING_DIMENSIONS,
    timeoutMs: settings.AI_TIMEOUT_SECONDS * 1000,
    allowedHosts: settings.OUTBOUND_WHITELIST,
  });
}
