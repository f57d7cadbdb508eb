import { z } from 'zod';
import { defineFile, defineNumber, defineSecret, defineVariable, url } from '../../platform/kernel/environment.ts';

/* Variables of model providers. */

export const OPENAI_API_KEY = defineSecret(
  'OPENAI_API_KEY',
  () => z.string().optional(),
  'Key of an OpenAI-compatible API; unset quotes passages without a model',
);

export const OPENAI_BASE_URL = defineVariable(
  'OPENAI_BASE_URL',
  () => url('http:', 'https:').default('https://api.openai.com/v1'),
  'Base URL of that API',
);

export const OPENAI_CA_PATH = defineFile(
  'OPENAI_CA_PATH',
  'PEM file of an authority that signed the certificate of that API, in place of the usual ones',
);

export const AI_CONCURRENCY = defineNumber(
  'AI_CONCURRENCY',
  [1, 100],
  100,
  'Calls of that API in progress at the same time, from each process',
);

export const AI_MODEL_STANDARD = defineVariable(
  'AI_MODEL_STANDARD',
  () => z.string().default('gpt-3.5-turbo'),
  'Model behind the alias standard',
);

export const AI_MODEL_ADVANCED = defineVariable(
  'AI_MODEL_ADVANCED',
  () => z.string().default('gpt-4'),
  'Model behind the alias advanced',
);

export const AI_EMBEDDING_BASE_URL = defineVariable(
  'AI_EMBEDDING_BASE_URL',
  () => url('http:', 'https:').optional(),
  'Base URL of an OpenAI-compatible API that embeds, such as Ollama or TEI; unset embeds where answers come from, or without a model',
);

export const AI_EMBEDDING_API_KEY = defineSecret(
  'AI_EMBEDDING_API_KEY',
  () => z.string().optional(),
  'Key of that API; unset sends OPENAI_API_KEY if it is the server of OPENAI_BASE_URL, otherwise none',
);

export const AI_EMBEDDING_CA_PATH = defineFile(
  'AI_EMBEDDING_CA_PATH',
  'PEM file of an authority that signed the certificate of AI_EMBEDDING_BASE_URL, in place of the usual ones',
);

export const AI_EMBEDDING_CONCURRENCY = defineNumber(
  'AI_EMBEDDING_CONCURRENCY',
  [1, 100],
  100,
  'Calls of AI_EMBEDDING_BASE_URL in progress at the same time, from each process',
);

export const AI_EMBEDDING_MODEL = defineVariable(
  'AI_EMBEDDING_MODEL',
  () => z.string().default('text-embedding-3-small'),
  'Embedding model; "local" embeds by words, without a model',
);

export const AI_EMBEDDING_DIMENSIONS = defineNumber(
  'AI_EMBEDDING_DIMENSIONS',
  [32, 4096],
  384,
  'Length of the embedding vectors',
);

export const AI_TIMEOUT_SECONDS = defineNumber(
  'AI_TIMEOUT_SECONDS',
  [1, 600],
  60,
  'Longest wait for the AI upstream, in seconds',
);

export const CIRCUIT_BREAKER_FAILURE_THRESHOLD = defineNumber(
  'CIRCUIT_BREAKER_FAILURE_THRESHOLD',
  [1, 100],
  5,
  'Failures of a model in a row after which it is not called',
);

export const CIRCUIT_BREAKER_RESET_SECONDS = defineNumber(
  'CIRCUIT_BREAKER_RESET_SECONDS',
  [1, 3600],
  30,
  'Seconds after which one call tries it again',
);
