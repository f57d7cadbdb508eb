import { z } from 'zod';
import {
  choice,
  defineFile,
  defineNumber,
  defineSecret,
  defineSecretKey,
  defineVariable,
  list,
  url,
} from '../../platform/kernel/environment.ts';
import { imageProviderNames } from './images/provider-names.ts';

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

export const ANTHROPIC_API_KEY = defineSecret(
  'ANTHROPIC_API_KEY',
  () => z.string().optional(),
  'Key of the Anthropic API; unset leaves that provider to the gateway configuration',
);

export const GIGACHAT_KEY = defineSecret(
  'GIGACHAT_KEY',
  () => z.string().optional(),
  'Authorization key of GigaChat, as its account page shows it; unset leaves that provider to the gateway configuration',
);

export const GIGACHAT_SCOPE = defineVariable(
  'GIGACHAT_SCOPE',
  () => choice('GIGACHAT_API_PERS', 'GIGACHAT_API_B2B', 'GIGACHAT_API_CORP').default('GIGACHAT_API_PERS'),
  'Kind of that GigaChat account: GIGACHAT_API_PERS, GIGACHAT_API_B2B or GIGACHAT_API_CORP',
);

export const GIGACHAT_CA_PATH = defineFile(
  'GIGACHAT_CA_PATH',
  'PEM file of the authority that signed the certificate of GigaChat, such as the Russian Trusted Root CA',
);

export const YANDEX_API_KEY = defineSecret(
  'YANDEX_API_KEY',
  () => z.string().optional(),
  'API key of Yandex AI Studio; unset leaves that provider to the gateway configuration',
);

export const YANDEX_FOLDER = defineVariable(
  'YANDEX_FOLDER',
  () => z.string().optional(),
  'Cloud folder whose models that key may call',
);

export const COHERE_API_KEY = defineSecret(
  'COHERE_API_KEY',
  () => z.string().optional(),
  'Key of the Cohere API; unset leaves that provider to the gateway configuration',
);

export const AZURE_OPENAI_API_KEY = defineSecret(
  'AZURE_OPENAI_API_KEY',
  () => z.string().optional(),
  'Key of an Azure OpenAI resource; unset leaves that provider to the gateway configuration',
);

export const AZURE_OPENAI_BASE_URL = defineVariable(
  'AZURE_OPENAI_BASE_URL',
  () => url('http:', 'https:').optional(),
  'Base URL of that resource, such as https://example.openai.azure.com; the host must be in OUTBOUND_WHITELIST',
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

export const MAX_REQUEST_BYTES = defineNumber(
  'MAX_REQUEST_BYTES',
  [1024, 104_857_600],
  524_288,
  'Largest body of a gateway request without media, in bytes',
);

export const MAX_RESPONSE_BYTES = defineNumber(
  'MAX_RESPONSE_BYTES',
  [1024, 104_857_600],
  2_097_152,
  'Largest whole answer of a model provider without media, in bytes',
);

export const GATEWAY_FILE_BYTES = defineNumber(
  'GATEWAY_FILE_BYTES',
  [1024, 67_108_864],
  52_428_800,
  'Largest file that the gateway takes for a batch, in bytes',
);

export const GATEWAY_MAX_CONCURRENCY = defineNumber(
  'GATEWAY_MAX_CONCURRENCY',
  [1, 10_000],
  200,
  'Gateway calls in progress at the same time',
);

export const CACHE_DEFAULT_TTL = defineNumber(
  'CACHE_DEFAULT_TTL',
  [1, 2_592_000],
  300,
  'Seconds that the gateway keeps an answer whose route names no time',
);

export const GATEWAY_SECRETS_KEY_PATH = defineSecretKey(
  'GATEWAY_SECRETS_KEY_PATH',
  'gateway-secrets.key',
  'Key that provider keys are encrypted with in the database, mode 600; made at first start',
);

export const IMAGE_PROVIDERS = defineVariable(
  'IMAGE_PROVIDERS',
  () =>
    list()
      .default(['local'])
      .pipe(
        z
          .array(choice(...imageProviderNames))
          .min(1, 'must name at least one provider')
          .refine((names) => new Set(names).size === names.length, 'must name each provider once'),
      ),
  'Providers of pictures, comma separated, the one of the default model first: local, fal, runpod, openai',
);

export const IMAGE_LOCAL_SECONDS = defineNumber(
  'IMAGE_LOCAL_SECONDS',
  [0, 600],
  4,
  'Seconds that the local provider takes for a picture',
);

export const IMAGE_LOCAL_STEPS = defineNumber(
  'IMAGE_LOCAL_STEPS',
  [1, 100],
  8,
  'Steps of progress that the local provider reports in that time',
);

export const FAL_KEY = defineSecret(
  'FAL_KEY',
  () => z.string().optional(),
  'Key of fal; must be set when IMAGE_PROVIDERS names fal',
);

export const FAL_BASE_URL = defineVariable(
  'FAL_BASE_URL',
  () => url('http:', 'https:').default('https://queue.fal.run'),
  'Address of its queue; the host must be in OUTBOUND_WHITELIST',
);

export const FAL_JWKS_URL = defineVariable(
  'FAL_JWKS_URL',
  () => url('http:', 'https:').default('https://rest.fal.ai/.well-known/jwks.json'),
  'Address of the keys that its callbacks are signed with; the host must be in OUTBOUND_WHITELIST',
);

export const RUNPOD_API_KEY = defineSecret(
  'RUNPOD_API_KEY',
  () => z.string().optional(),
  'Key of RunPod; must be set when IMAGE_PROVIDERS names runpod',
);

export const RUNPOD_BASE_URL = defineVariable(
  'RUNPOD_BASE_URL',
  () => url('http:', 'https:').default('https://api.runpod.ai/v2'),
  'Address of its serverless endpoints; the host must be in OUTBOUND_WHITELIST',
);

export const RUNPOD_ENDPOINT = defineVariable(
  'RUNPOD_ENDPOINT',
  () =>
    z
      .string()
      .regex(/^[\w-]{1,100}$/, 'must be the id of an endpoint')
      .optional(),
  'Id of the endpoint there whose workers make pictures',
);

export const RUNPOD_FILE_HOSTS = defineVariable(
  'RUNPOD_FILE_HOSTS',
  () => list().default([]),
  'Hosts, or host:port, to which these workers upload pictures, comma separated; they must be in OUTBOUND_WHITELIST',
);
