import type { Json, Reply, SeenRequest } from './provider-server.ts';

/* What OpenAI's API refuses. */

export const openAiError = (
  status: number,
  message: string,
  { type = 'invalid_request_error', param = null as string | null, code = null as string | null } = {},
): Reply => ({ status, headers: { 'x-request-id': 'req_1' }, json: { error: { message, type, param, code } } });

const refuse = (param: string, message: string, code = 'invalid_value') => openAiError(400, message, { param, code });

const chatFields = new Set(
  `messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata modalities n
  parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort response_format safety_identifier seed
  service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options`.split(
    /\s+/,
  ),
);
const messageFields = new Set([
  'role',
  'content',
  'name',
  'refusal',
  'audio',
  'function_call',
  'tool_calls',
  'tool_call_id',
]);
const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);

export interface ChatRules {
  /** Fields of a request, instead of OpenAI's. */
  fields?: ReadonlySet<string>;
  isReasoning?: boolean;
  /** Refused by some servers that are only like OpenAI's. */
  refused?: readonly string[];
}

/** The answer to a chat completion that breaks a rule. */
export function refuseChat(body: Json, rules: ChatRules = {}): Reply | undefined {
  const { fields = chatFields, isReasoning = false, refused = [] } = rules;
  const unknown = Object.keys(body).find((name) => !fields.has(name) || refused.includes(name));
  if (unknown !== undefined) {
    return refuse(unknown, `Unrecognized request argument supplied: ${unknown}`, 'unknown_parameter');
  }
  if (isReasoning && body.max_tokens !== undefined) {
    return refuse('max_tokens', "Use 'max_completion_tokens' instead.", 'unsupported_parameter');
  }
  if (isReasoning && ![undefined, null, 1].includes(body.temperature as undefined)) {
    return refuse('temperature', 'Only the default (1) value is supported.', 'unsupported_value');
  }
  if (body.stream_options !== undefined && body.stream !== true) {
    return refuse('stream_options', "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
  }
  return refuseMessages(body.messages) ?? refuseTools(body.tools) ?? refuseFormat(body.response_format);
}

function refuseMessages(messages: unknown): Reply | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return refuse('messages', "'messages' must not be empty.");
  let open = new Set<unknown>();
  for (const [index, message] of (messages as Json[]).entries()) {
    const at = `messages[${index}]`;
    const unknown = Object.keys(message).find((name) => !messageFields.has(name));
    if (unknown) return refuse(`${at}.${unknown}`, `Unknown parameter: '${at}.${unknown}'.`, 'unknown_parameter');
    if (!roles.has(String(message.role))) return refuse(`${at}.role`, `Invalid value: '${message.role}'.`);
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id)) {
        return refuse(at, "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.");
      }
      continue;
    }
    if (open.size > 0) {
      return refuse(at, "An assistant message with 'tool_calls' must be followed by tool messages for each of them.");
    }
    open = new Set(((message.tool_calls as Json[] | undefined) ?? []).map(({ id }) => id));
    if (message.content === null && open.size === 0) return refuse(`${at}.content`, 'Expected a string, got null.');
    const broken = Array.isArray(message.content) ? refuseParts(message.content, at) : undefined;
    if (broken) return broken;
  }
  return open.size > 0 ? refuse('messages', 'Tool calls without an answer.') : undefined;
}

function refuseParts(parts: Json[], at: string): Reply | undefined {
  for (const part of parts) {
    if (part.type === 'text' && typeof part.text === 'string') continue;
    const { url } = Object(part.image_url) as { url?: string };
    if (part.type === 'image_url' && /^(https:|data:image\/\w+;base64,)/.test(url ?? '')) continue;
    return refuse(`${at}.content`, `Invalid content part of type '${part.type}'.`);
  }
  return undefined;
}

function refuseTools(tools: unknown): Reply | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools) || tools.length === 0) return refuse('tools', "'tools' must not be empty.");
  const broken = tools.findIndex(
    (tool) => tool.type !== 'function' || !/^[\w-]{1,64}$/.test(tool.function?.name ?? ''),
  );
  return broken === -1 ? undefined : refuse(`tools[${broken}]`, 'Invalid tool.');
}

function refuseFormat(format: unknown): Reply | undefined {
  const { type = 'text', json_schema: schema } = Object(format) as { type?: string; json_schema?: Json };
  if (type !== 'json_schema') {
    return ['text', 'json_object'].includes(type)
      ? undefined
      : refuse('response_format.type', `Invalid value: '${type}'.`);
  }
  if (typeof schema?.name !== 'string' || typeof schema.schema !== 'object') {
    return refuse('response_format.json_schema', 'Missing required parameter.');
  }
  return undefined;
}

/** The answer to a request without the right key. */
export function refuseBearer({ headers }: SeenRequest, secret: string): Reply | undefined {
  if (headers.authorization === `Bearer ${secret}`) return undefined;
  return openAiError(401, `Incorrect API key provided: ${headers.authorization?.slice(7) ?? ''}.`, {
    code: 'invalid_api_key',
  });
}

export const refuseModel = (model: unknown): Reply =>
  openAiError(404, `The model '${model}' does not exist or you do not have access to it.`, { code: 'model_not_found' });
