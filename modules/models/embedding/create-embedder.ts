import { AiFailure } from '../ai-failure.ts';
import { localEmbeddingModel } from '../providers/local/embed-locally.ts';
import { createLocalEmbedder } from '../providers/local/embedder.ts';
import type { OpenAiEndpoint } from '../providers/openai/client.ts';
import type { Embedder } from './embedder.ts';
import type { Endpoint } from './embedding-settings.ts';

/**
 * An embedder for vectors of this model and length. The client library is loaded only when it is needed: it costs a
 * process more time and memory than everything else here.
 * @param endpoints servers that may have the model; each is asked when those before it refused
 * @returns undefined when the model is unavailable: a local one of an earlier version, or one of a server that is not configured
 * @throws Error when the host of an endpoint is not among the allowed ones
 */
export async function createEmbedder(
  { id, dimensions }: Pick<Embedder, 'id' | 'dimensions'>,
  endpoints: readonly Endpoint[],
  settings: Omit<OpenAiEndpoint, keyof Endpoint>,
): Promise<Embedder | undefined> {
  if (id === localEmbeddingModel) return createLocalEmbedder(dimensions);
  if (id.startsWith('local-') || endpoints.length === 0) return undefined;
  const { connectOpenAi } = await import('../providers/openai/client.ts');
  const { createOpenAiEmbedder } = await import('../providers/openai/embedder.ts');
  const embedders = endpoints.map((endpoint) =>
    createOpenAiEmbedder(connectOpenAi({ ...settings, ...endpoint }), { model: id, dimensions, ...settings }),
  );
  return embedders.reduceRight((next, embedder) => ({
    ...embedder,
    embed: (...request) =>
      embedder.embed(...request).catch((error: unknown) => {
        if (error instanceof AiFailure && error.reason === 'refused') return next.embed(...request);
        throw error;
      }),
  }));
}
