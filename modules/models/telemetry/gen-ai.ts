import type { ProviderKind } from '../providers/adapter.ts';

/**
 * Version of OpenTelemetry's semantic conventions that spans and metrics of calls follow: the last release with those of generative
 * AI. They have moved to a repository of their own since, where names still change with every release.
 */
export const GEN_AI_CONVENTIONS_VERSION = '1.41.0';

/** `gen_ai.operation.name`; what the conventions have no word for is named as its endpoint. */
export type GenAiOperation = 'chat' | 'embeddings' | 'speech' | 'transcription' | 'images' | 'rerank';

/** `gen_ai.provider.name`: those of the conventions where they have one. */
export const providerNames: Readonly<Record<ProviderKind, string>> = {
  openai: 'openai',
  azure: 'azure.ai.openai',
  anthropic: 'anthropic',
  cohere: 'cohere',
  gigachat: 'gigachat',
  yandex: 'yandex',
  local: 'local',
};

/** Bounds of the conventions: tokens in powers of four, seconds in powers of two. */
const tokenBounds = Array.from({ length: 14 }, (_, power) => 4 ** power);
const secondBounds = Array.from({ length: 14 }, (_, power) => 2 ** power / 100);
const chunkBounds = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.5, 1, 5, 10, 30, 60];

/** `gen_ai.client.token.usage` */
export const tokenUsage = {
  name: 'gen_ai_client_token_usage',
  description: 'Tokens that a call used, of its input and of its output',
  bounds: tokenBounds,
};
/** `gen_ai.client.operation.duration` */
export const operationDuration = {
  name: 'gen_ai_client_operation_duration_seconds',
  description: 'Time of one call of an upstream',
  bounds: secondBounds,
};
/** `gen_ai.client.operation.time_to_first_chunk` */
export const timeToFirstChunk = {
  name: 'gen_ai_client_operation_time_to_first_chunk_seconds',
  description: 'Time from a call of an upstream to the first content of its stream',
  bounds: secondBounds,
};
/** `gen_ai.client.operation.time_per_output_chunk` */
export const timePerOutputChunk = {
  name: 'gen_ai_client_operation_time_per_output_chunk_seconds',
  description: 'Time between two pieces of content, as the mean of each stream',
  bounds: chunkBounds,
};
