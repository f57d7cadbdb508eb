import type { FailureReason } from '../../models/providers/adapter.ts';
import { sayChat, sayEmbeddings, sayResponse } from './openai-format.ts';
import { openAiError, refuseChat } from './openai-rules.ts';
import { type ProviderServer, type Reply, type SeenRequest, startProviderServer } from './provider-server.ts';

const models = new Set(['yandexgpt/latest', 'yandexgpt-lite/latest']);
const embeddingModels = new Set(['text-search-doc/latest', 'text-search-query/latest']);
const refused = ['max_completion_tokens', 'metadata', 'store', 'user', 'prediction', 'audio'];

/** How services of Yandex Cloud say that something is wrong. */
const cloudError = (httpCode: number, grpcCode: number, httpStatus: string, message: string): Reply => ({
  status: httpCode,
  json: { error: { grpcCode, httpCode, message, httpStatus, details: [] } },
});

/** Yandex AI Studio's compatible address, below `/v1`. @param key API key of a service account @param folder its models are in */
export const startYandexUpstream = (key: string, folder: string): Promise<ProviderServer> =>
  startProviderServer({
    handle: (request) => handle(request, key, folder),
    say: (turn, { path, body }) => (path === '/v1/responses' ? sayResponse(turn, body) : sayChat(turn, body)),
  });

function handle({ path, headers, body }: SeenRequest, key: string, folder: string): Reply | undefined {
  const accepted = [`Api-Key ${key}`, 'Bearer t1.token'];
  if (!accepted.includes(headers.authorization ?? '')) return cloudError(401, 16, 'Unauthorized', 'Unknown api key');
  if (headers['openai-project'] !== folder) return cloudError(403, 7, 'Forbidden', 'Permission denied for the folder');
  const [, scheme, owner, name = ''] = /^(gpt|emb):\/\/([^/]+)\/(.+)$/.exec(String(body.model)) ?? [];
  if (scheme === undefined) return openAiError(400, 'Failed to parse model URI', { param: 'model' });
  if (owner !== folder) return cloudError(403, 7, 'Forbidden', 'Folder ID in the model URI does not match');
  const isEmbedding = path === '/v1/embeddings';
  const known = isEmbedding ? scheme === 'emb' && embeddingModels.has(name) : scheme === 'gpt' && models.has(name);
  if (!known) return cloudError(404, 5, 'Not Found', `Model ${name} not found`);
  if (isEmbedding) {
    const unknown = Object.keys(body).find(
      (field) => !['model', 'input', 'encoding_format', 'dimensions'].includes(field),
    );
    return unknown ? openAiError(400, `Unknown field ${unknown}`, { param: unknown }) : sayEmbeddings(body, 256);
  }
  if (path === '/v1/responses') return undefined;
  if (path !== '/v1/chat/completions') return cloudError(404, 5, 'Not Found', 'No such method');
  const isUnknownRole = (body.messages as { role?: string }[] | undefined)?.some(({ role }) => role === 'developer');
  return isUnknownRole ? openAiError(400, 'Unknown role developer') : refuseChat(body, { refused });
}

/** How it says that something is wrong, beyond its rules, and what that means. */
export const yandexFailures: Record<string, [Reply, FailureReason]> = {
  'bad request': [cloudError(400, 3, 'Bad Request', 'Invalid argument'), 'refused'],
  'no money': [cloudError(402, 8, 'Payment Required', 'The billing account is not active'), 'key-refused'],
  'too long': [
    openAiError(400, 'Number of input tokens must be no more than 32768: too many tokens', { code: 'invalid' }),
    'too-long',
  ],
  'too many': [
    cloudError(429, 8, 'Too Many Requests', 'ai.textGenerationCompletionSessionsCount.count'),
    'rate-limited',
  ],
  broken: [cloudError(500, 13, 'Internal Server Error', 'Internal'), 'broken'],
  away: [cloudError(503, 14, 'Service Unavailable', 'Unavailable'), 'overloaded'],
  late: [cloudError(504, 4, 'Gateway Timeout', 'Deadline exceeded'), 'timeout'],
};
