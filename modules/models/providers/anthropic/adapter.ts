import type { IncomingHttpHeaders } from 'node:http';
import type { Json, Wire } from '../../dialects/contract.ts';
import { unsupported } from '../../dialects/refuse.ts';
import type { Adapter, AdapterCall, FailureReason, UpstreamFailure } from '../adapter.ts';
import { type ErrorBody, readErrorBody } from '../failure/error-body.ts';
import { failureInAnswer, reasonOfStatus, toFailure } from '../failure/upstream-failure.ts';
import { passThrough } from '../pass-through.ts';
import { postJson } from '../post-json.ts';
import { withoutOurs } from '../without-ours.ts';

const API_VERSION = '2023-06-01';

/**
 * Anthropic's API, and others that speak it.
 * @param wire of messages
 */
export function createAnthropicAdapter(wire: Wire): Adapter {
  return {
    kind: 'anthropic',
    wires: [wire],
    chat: async (_, body, call) =>
      postJson(`${call.provider.baseUrl}/messages`, headersOf(call), { ...withoutOurs(body), model: call.model }),
    async pass(operation, body, contentType, call) {
      const { provider, model } = call;
      if (operation !== 'count-tokens') throw unsupported(operation);
      const url = `${provider.baseUrl}/messages/count_tokens`;
      return passThrough(url, headersOf(call), { body, contentType, model }, countable);
    },
    failureOf,
    failureIn: (answer) => failureInAnswer(answer, failureOf),
  };
}

function headersOf({ key, provider: { options } }: AdapterCall): Record<string, string> {
  return {
    ...(options.auth === 'bearer' ? { authorization: `Bearer ${key.secret}` } : { 'x-api-key': key.secret }),
    'anthropic-version': typeof options.apiVersion === 'string' ? options.apiVersion : API_VERSION,
    ...(typeof options.beta === 'string' && { 'anthropic-beta': options.beta }),
  };
}

const counted = new Set([
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
/** Of a request for an answer, what is counted; the rest is refused. */
const countable = (body: Json): Json => Object.fromEntries(Object.entries(body).filter(([name]) => counted.has(name)));

function failureOf(status: number, headers: IncomingHttpHeaders, text: string): UpstreamFailure {
  const error = readErrorBody(text);
  return toFailure(status, headers, error, reasonOf(status, error));
}

function reasonOf(status: number, { message = '', detailCode }: ErrorBody): FailureReason {
  // A cap that the account's owner has set lasts for days, and comes without `retry-after`.
  if (status === 429 && detailCode === 'enforced_spend_limit_reached') return 'key-refused';
  if (status === 400 && /credit balance is too low/i.test(message)) return 'key-refused';
  if (status === 400 && /prompt is too long|exceed(s|ed)? (the )?context|context (window|limit)/i.test(message)) {
    return 'too-long';
  }
  return reasonOfStatus(status);
}
