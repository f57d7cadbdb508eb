import type { Environment } from '../../../platform/kernel/environment.ts';
import { localEmbeddingModel } from '../providers/local/embed-locally.ts';
import {
  AI_CONCURRENCY,
  AI_EMBEDDING_API_KEY,
  AI_EMBEDDING_BASE_URL,
  AI_EMBEDDING_CA_PATH,
  AI_EMBEDDING_CONCURRENCY,
  AI_EMBEDDING_DIMENSIONS,
  AI_EMBEDDING_MODEL,
  OPENAI_API_KEY,
  OPENAI_BASE_URL,
  OPENAI_CA_PATH,
} from '../variables.ts';

/** Variables that say what texts are embedded with. */
export const embeddingVariables = [
  AI_EMBEDDING_BASE_URL,
  AI_EMBEDDING_API_KEY,
  AI_EMBEDDING_CA_PATH,
  AI_EMBEDDING_CONCURRENCY,
  AI_EMBEDDING_MODEL,
  AI_EMBEDDING_DIMENSIONS,
  OPENAI_BASE_URL,
  OPENAI_API_KEY,
  OPENAI_CA_PATH,
  AI_CONCURRENCY,
];
type Settings = Environment<(typeof embeddingVariables)[number]>;

export interface Endpoint {
  baseUrl: string;
  apiKey: string | undefined;
  /** PEM file of the authorities that may sign its certificate. */
  caPath: string | undefined;
  /** Calls at the same time. */
  concurrency: number;
}

/** What `AI_EMBEDDING_MODEL` says for embeddings without a model, whatever else is configured. */
const WITHOUT_MODEL = 'local';

/** Model and length of the vectors that new indexes are built with. */
export function configuredEmbedding(settings: Settings): { id: string; dimensions: number } {
  const { AI_EMBEDDING_MODEL: model, AI_EMBEDDING_DIMENSIONS: dimensions } = settings;
  const isLocal = model === WITHOUT_MODEL || embeddingEndpoints(settings).length === 0;
  return { id: isLocal ? localEmbeddingModel : model, dimensions };
}

/**
 * Servers that may embed, the configured one first. The one that answers questions follows it: an index that was built before
 * embeddings moved to another server is searched with its own model until the next is built. None without any key or address.
 */
export function embeddingEndpoints(settings: Settings): Endpoint[] {
  const { AI_EMBEDDING_BASE_URL, AI_EMBEDDING_API_KEY, OPENAI_BASE_URL, OPENAI_API_KEY } = settings;
  const { OPENAI_CA_PATH: caPath, AI_CONCURRENCY: concurrency } = settings;
  const answers = { baseUrl: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY, caPath, concurrency };
  const answering: Endpoint[] = OPENAI_API_KEY ? [answers] : [];
  if (!AI_EMBEDDING_BASE_URL && !AI_EMBEDDING_API_KEY) return answering;
  const baseUrl = AI_EMBEDDING_BASE_URL || OPENAI_BASE_URL;
  // A key is only ever sent to the server that it was given for.
  const isSameServer = new URL(baseUrl).origin === new URL(OPENAI_BASE_URL).origin;
  const apiKey = AI_EMBEDDING_API_KEY || (isSameServer ? OPENAI_API_KEY : undefined);
  const isSame = answering[0]?.baseUrl === baseUrl && answering[0].apiKey === apiKey;
  const embeds = {
    baseUrl,
    apiKey,
    caPath: settings.AI_EMBEDDING_CA_PATH ?? (isSameServer ? caPath : undefined),
    concurrency: settings.AI_EMBEDDING_CONCURRENCY,
  };
  return [embeds, ...(isSame ? [] : answering)];
}
