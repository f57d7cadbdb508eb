import type { FailureReason } from '../../models/providers/adapter.ts';
import { refuseMessages } from './anthropic-messages.ts';
import {
  type Json,
  type ProviderServer,
  type Reply,
  type SeenRequest,
  startProviderServer,
  type Turn,
  wordsOf,
} from './provider-server.ts';

const models = new Set(['claude-sonnet-4-5', 'claude-haiku-4-5']);

const messageFields = new Set(
  `model messages max_tokens metadata stop_sequences stream system temperature tool_choice tools top_k top_p thinking service_tier container
  mcp_servers context_management output_config output_format cache_control`.split(/\s+/),
);
const countFields = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'context_management',
  'mcp_servers',
]);

export const anthropicError = (status: number, type: string, message: string, details?: Json): Reply => ({
  status,
  headers: { 'request-id': 'req_011' },
  json: { type: 'error', error: { type, message, ...(details && { details }) }, request_id: 'req_011' },
});
const refuse = (message: string) => anthropicError(400, 'invalid_request_error', message);

/** Anthropic's Messages API, below `/v1`. @param secret the only key that it takes */
export const startAnthropicUpstream = (secret: string): Promise<ProviderServer> =>
  startProviderServer({ handle: (request) => handle(request, secret), say });

function handle({ method, path, headers, body }: SeenRequest, secret: string): Reply | undefined {
  if (headers['x-api-key'] !== secret) return anthropicError(401, 'authentication_error', 'invalid x-api-key');
  if (headers['anthropic-version'] !== '2023-06-01') return refuse('anthropic-version: header is required');
  const isCount = path === '/v1/messages/count_tokens';
  if (method !== 'POST' || !(isCount || path === '/v1/messages')) {
    return anthropicError(404, 'not_found_error', 'Not Found');
  }
  if (!models.has(String(body.model))) return anthropicError(404, 'not_found_error', `model: ${body.model}`);
  const fields = isCount ? countFields : messageFields;
  const unknown = Object.keys(body).find((name) => !fields.has(name));
  if (unknown !== undefined) return refuse(`${unknown}: Extra inputs are not permitted`);
  const mistake = (isCount ? undefined : limitMistake(body)) ?? refuseMessages(body);
  if (mistake !== undefined) return refuse(mistake);
  return isCount ? { json: { input_tokens: 77 } } : undefined;
}

function limitMistake({ max_tokens: limit, temperature = 1, stop_sequences: stops = [] }: Json): string | undefined {
  if (limit === undefined) return 'max_tokens: Field required';
  if (!Number.isInteger(limit) || Number(limit) < 1) return 'max_tokens: Input should be greater than or equal to 1';
  if (typeof temperature !== 'number' || temperature < 0 || temperature > 1) return 'temperature: range: 0..1';
  const isBlank = (stops as string[]).some((stop) => stop.trim() === '');
  return isBlank ? 'stop_sequences: each stop sequence must contain non-whitespace' : undefined;
}

const finishes = { stop: 'end_turn', length: 'max_tokens', filtered: 'refusal' } as const;

function say(turn: Turn, { body }: SeenRequest): Reply {
  const content = contentOf(turn, body);
  const { input, cached = 0, cacheWrite = 0, output } = turn.usage ?? { input: 0, output: 0 };
  const prompt = {
    input_tokens: input - cached - cacheWrite,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cached,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
    service_tier: 'standard',
  };
  const stop = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : finishes[turn.finish ?? 'stop'];
  const head = { id: 'msg_01', type: 'message', role: 'assistant', model: body.model };
  if (body.stream !== true) {
    const usage = { ...prompt, output_tokens: output };
    return { json: { ...head, content, stop_reason: stop, stop_sequence: null, usage } };
  }
  const started = {
    ...head,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...prompt, output_tokens: 1 },
  };
  const events: Json[] = [
    { type: 'message_start', message: started },
    { type: 'ping' },
    ...content.flatMap(blockEvents),
    { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: output } },
    { type: 'message_stop' },
  ];
  return { pieces: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`) };
}

function contentOf({ reasoning, text, tools = [] }: Turn, body: Json): Json[] {
  const forced = body.tool_choice as { type?: string; name?: string } | undefined;
  // A model that must call a tool puts all that it has to say into the tool's input.
  const isForced = forced?.type === 'tool' && tools.length === 0 && text?.startsWith('{');
  if (isForced) return [{ type: 'tool_use', id: 'toolu_0', name: forced.name, input: JSON.parse(text ?? '') }];
  return [
    ...(reasoning === undefined ? [] : [{ type: 'thinking', thinking: reasoning, signature: 'c2lnbmF0dXJl' }]),
    ...(text === undefined ? [] : [{ type: 'text', text }]),
    ...tools.map(({ name, arguments: input }, index) => ({ type: 'tool_use', id: `toolu_${index}`, name, input })),
  ];
}

function blockEvents(block: Json, index: number): Json[] {
  const delta = (fields: Json) => ({ type: 'content_block_delta', index, delta: fields });
  const start = (content_block: Json) => ({ type: 'content_block_start', index, content_block });
  const stop = { type: 'content_block_stop', index };
  switch (block.type) {
    case 'thinking':
      return [
        start({ type: 'thinking', thinking: '', signature: '' }),
        ...wordsOf(String(block.thinking)).map((thinking) => delta({ type: 'thinking_delta', thinking })),
        delta({ type: 'signature_delta', signature: block.signature }),
        stop,
      ];
    case 'tool_use': {
      const input = JSON.stringify(block.input);
      return [
        start({ ...block, input: {} }),
        ...['', input.slice(0, 4), input.slice(4)].map((partial_json) =>
          delta({ type: 'input_json_delta', partial_json }),
        ),
        stop,
      ];
    }
    default:
      return [
        start({ type: 'text', text: '' }),
        ...wordsOf(String(block.text)).map((text) => delta({ type: 'text_delta', text })),
        stop,
      ];
  }
}

/** How it says that something is wrong, beyond its rules, and what that means. */
export const anthropicFailures: Record<string, [Reply, FailureReason]> = {
  'no money': [refuse('Your credit balance is too low to access the Anthropic API.'), 'key-refused'],
  billing: [anthropicError(402, 'billing_error', 'Check your billing details.'), 'key-refused'],
  forbidden: [anthropicError(403, 'permission_error', 'Your key may not use this resource.'), 'key-refused'],
  'a spend cap': [
    anthropicError(429, 'rate_limit_error', 'You have reached your specified API usage limits.', {
      error_code: 'enforced_spend_limit_reached',
    }),
    'key-refused',
  ],
  'too many': [
    {
      ...anthropicError(429, 'rate_limit_error', 'This request would exceed your rate limit.'),
      headers: { 'retry-after': '12', 'anthropic-ratelimit-requests-remaining': '0' },
    },
    'rate-limited',
  ],
  'too long': [refuse('prompt is too long: 205000 tokens > 200000 maximum'), 'too-long'],
  'too large': [anthropicError(413, 'request_too_large', 'Request exceeds the maximum size'), 'too-long'],
  broken: [anthropicError(500, 'api_error', 'Internal server error'), 'broken'],
  late: [anthropicError(504, 'timeout_error', 'The request timed out'), 'timeout'],
  overloaded: [anthropicError(529, 'overloaded_error', 'Overloaded'), 'overloaded'],
};
