import type OpenAI from 'openai';
import { AiFailure } from '../../ai-failure.ts';
import { estimateTokens } from '../../chat/estimate-tokens.ts';
import { pauseFor } from '../../chat/next-call.ts';
import type { Embedder, Embeddings } from '../../embedding/embedder.ts';
import { toUnitVector } from '../../embedding/unit-vector.ts';
import type { FailureReason } from '../adapter.ts';
import type { OpenAiClient } from './client.ts';
import { toAiFailure } from './openai-failure.ts';

const textsPerBatch = 128;
/** A second try of the same server meets these again. */
const lasting: readonly FailureReason[] = ['key-refused', 'refused', 'too-long', 'cancelled'];

/**
 * Embeddings of any server that speaks OpenAI's protocol (Ollama, TEI, vLLM and others). A batch that fails is tried once more, unless it
 * would fail again.
 * @param model with the length that its vectors must have
 */
export function createOpenAiEmbedder(
  client: OpenAiClient,
  { model, dimensions, timeoutMs }: { model: string; dimensions: number; timeoutMs: number },
): Embedder {
  async function embedBatch(texts: readonly string[], signal: AbortSignal | undefined): Promise<Embeddings> {
    const action = `Embed ${texts.length} texts by "${model}"`;
    const call = await client.open({ action, model, totalMs: timeoutMs, caller: signal });
    try {
      const body = {
        model,
        // The API rejects empty strings.
        input: texts.map((text) => text || ' '),
        encoding_format: 'float' as const,
        ...(model.startsWith('text-embedding-3') && { dimensions }),
      };
      const options = { signal: call.watchdog.signal };
      const response = await call.api.embeddings.create(body, options).catch(async (error: unknown) => {
        const { upstream } = toAiFailure(error, call.watchdog.verdict(), action);
        if ((upstream && lasting.includes(upstream.reason)) || !(await pauseFor(upstream, options.signal))) throw error;
        return call.api.embeddings.create(body, options);
      });
      const vectors = readVectors(response, texts.length, dimensions);
      call.succeed();
      const estimate = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
      return { vectors, tokens: response.usage?.total_tokens ?? estimate };
    } catch (error) {
      throw call.fail(error);
    } finally {
      call.close();
    }
  }

  return {
    id: model,
    dimensions,
    lexical: false,
    async embed(texts, _kind, signal) {
      const vectors: Float32Array[] = [];
      let tokens = 0;
      for (let start = 0; start < texts.length; start += textsPerBatch) {
        const batch = await embedBatch(texts.slice(start, start + textsPerBatch), signal);
        vectors.push(...batch.vectors);
        tokens += batch.tokens;
      }
      return { vectors, tokens };
    },
  };
}

/** Unit vectors in the order of the texts, whatever order the server sent them in. */
function readVectors(response: OpenAI.CreateEmbeddingResponse, count: number, dimensions: number): Float32Array[] {
  const items = Array.isArray(response.data) ? response.data : [];
  const vectors = new Map(items.map((item, position) => [item.index ?? position, toUnitVector(item.embedding)]));
  return Array.from({ length: count }, (_, index) => {
    const vector = vectors.get(index);
    if (vector?.length === dimensions) return vector;
    const found = vector ? `${vector.length} numbers instead of ${dimensions}` : 'missing or zero';
    throw new AiFailure('broken', `Read embedding ${index + 1} of ${count}: ${found}`);
  });
}
