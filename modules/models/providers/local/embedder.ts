import { AiFailure } from '../../ai-failure.ts';
import { estimateTokens } from '../../chat/estimate-tokens.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { embedLocally, localEmbeddingModel } from './embed-locally.ts';

/** Embeds by the words of a text, without a network and without a model. */
export function createLocalEmbedder(dimensions: number): Embedder {
  return {
    id: localEmbeddingModel,
    dimensions,
    lexical: true,
    async embed(texts, _kind, signal) {
      if (signal?.aborted) throw new AiFailure('cancelled', 'Embed locally: cancelled', { cause: signal.reason });
      return {
        vectors: texts.map((text) => embedLocally(text, dimensions)),
        tokens: texts.reduce((sum, text) => sum + estimateTokens(text), 0),
      };
    },
  };
}
