import type { FailureReason } from '../../models/providers/adapter.ts';
import { sayChat, sayEmbeddings, sayResponse } from './openai-format.ts';
import { draw, speak, transcribe } from './openai-media.ts';
import { openAiError, refuseBearer, refuseChat, refuseModel } from './openai-rules.ts';
import {
  type Json,
  type ProviderServer,
  type Reply,
  type SeenRequest,
  startProviderServer,
} from './provider-server.ts';

const models = new Set([
  'gpt-5-mini',
  'gpt-4o',
  'text-embedding-3-small',
  'gpt-4o-mini-tts',
  'tts-1',
  'gpt-image-1',
  'dall-e-3',
]);

const responseFields = new Set(
  `background conversation include input instructions max_output_tokens max_tool_calls metadata model parallel_tool_calls previous_response_id
  prompt prompt_cache_key reasoning safety_identifier service_tier store stream stream_options temperature text tool_choice tools top_logprobs top_p
  truncation user`.split(/\s+/),
);

/** OpenAI's API as of its reference, below `/v1`. @param secret the only key that it takes */
export const startOpenAiUpstream = (secret: string): Promise<ProviderServer> =>
  startProviderServer({
    handle: (request) => refuseBearer(request, secret) ?? handle(request),
    say: (turn, { path, body }) => (path === '/v1/responses' ? sayResponse(turn, body) : sayChat(turn, body)),
  });

function handle({ method, path, body, headers, raw }: SeenRequest): Reply | undefined {
  if (method !== 'POST') return openAiError(405, `Not allowed to ${method} on ${path}.`);
  if (path === '/v1/audio/transcriptions') return transcribe(raw, headers['content-type'] ?? '');
  if (headers['content-type'] !== 'application/json') return openAiError(400, 'We expect JSON.');
  if (!models.has(String(body.model))) return refuseModel(body.model);
  switch (path) {
    case '/v1/chat/completions':
      return refuseChat(body, { isReasoning: String(body.model).startsWith('gpt-5') });
    case '/v1/responses':
      return refuseResponse(body);
    case '/v1/embeddings':
      return embed(body);
    case '/v1/audio/speech':
      return speak(body);
    case '/v1/images/generations':
      return draw(body);
    default:
      return openAiError(404, `Invalid URL (POST ${path})`);
  }
}

function refuseResponse(body: Json): Reply | undefined {
  const unknown = Object.keys(body).find((name) => !responseFields.has(name));
  if (unknown) {
    return openAiError(400, `Unknown parameter: '${unknown}'.`, { param: unknown, code: 'unknown_parameter' });
  }
  const isText = typeof body.input === 'string' || (Array.isArray(body.input) && body.input.length > 0);
  return isText ? undefined : openAiError(400, "Missing required parameter: 'input'.", { param: 'input' });
}

function embed(body: Json): Reply {
  const inputs = Array.isArray(body.input) ? body.input : [body.input];
  const isRight = inputs.length > 0 && inputs.every((input) => input !== '' && input !== undefined);
  if (!isRight) return openAiError(400, "'$.input' is invalid.", { param: 'input' });
  return sayEmbeddings(body, 8);
}

/** How it says that something is wrong, beyond the rules above, and what that means. */
export const openAiFailures: Record<string, [Reply, FailureReason]> = {
  'no money': [
    openAiError(429, 'You exceeded your current quota, please check your plan and billing details.', {
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    }),
    'key-refused',
  ],
  forbidden: [openAiError(403, 'Region not supported', { code: 'unsupported_country' }), 'key-refused'],
  'too-many': [
    {
      ...openAiError(429, 'Rate limit reached for requests', { type: 'requests', code: 'rate_limit_exceeded' }),
      headers: { 'retry-after': '3', 'retry-after-ms': '2500', 'x-ratelimit-remaining-requests': '0' },
    },
    'rate-limited',
  ],
  'too long': [
    openAiError(400, "This model's maximum context length is 128000 tokens.", {
      param: 'messages',
      code: 'context_length_exceeded',
    }),
    'too-long',
  ],
  broken: [openAiError(500, 'The server had an error while processing.', { type: 'server_error' }), 'broken'],
  overloaded: [openAiError(503, 'The engine is currently overloaded', { type: 'server_error' }), 'overloaded'],
};
