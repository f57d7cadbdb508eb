import type { IncomingHttpHeaders } from 'node:http';
import { asksNothing } from '../../dialects/asks-nothing.ts';
import type { Json, Wire } from '../../dialects/contract.ts';
import { isJson, isSet } from '../../dialects/json.ts';
import { unsupported } from '../../dialects/refuse.ts';
import type { Adapter, AdapterCall, FailureReason, UpstreamFailure } from '../adapter.ts';
import { type ErrorBody, readErrorBody } from '../failure/error-body.ts';
import { toFailure } from '../failure/upstream-failure.ts';
import { createCompatibleAdapter } from '../openai/compatible.ts';
import { readEmbeddings } from '../openai/embeddings.ts';
import { openAiReason } from '../openai/failure-of.ts';
import { passThrough } from '../pass-through.ts';

/**
 * Cohere by its address that is compatible with OpenAI, and its own for rerank.
 * @param wire of chat completions
 */
export function createCohereAdapter(wire: Wire): Adapter {
  const compatible = createCompatibleAdapter({
    kind: 'cohere',
    wires: [wire],
    urlOf: (path, { provider }) => `${provider.baseUrl}${path}`,
    headersOf,
    adapt: adaptToCohere,
    refusedByEmbeddings: ['dimensions', 'user'],
    failureOf,
  });
  return {
    ...compatible,
    ...(compatible.embeddings && { embeddings: { write: compatible.embeddings.write, read: readBilled } }),
    async pass(operation, body, contentType, call) {
      const { provider, model } = call;
      if (operation !== 'rerank') throw unsupported(operation);
      const url = `${provider.baseUrl.replace(/\/compatibility\/v1$/, '')}/v2/rerank`;
      return passThrough(url, headersOf(call), { body, contentType, model });
    },
  };
}

const headersOf = ({ key }: AdapterCall): Record<string, string> => ({ authorization: `Bearer ${key.secret}` });

/** https://docs.cohere.com/docs/compatibility-api */
const refused = new Set(
  `n store metadata user parallel_tool_calls service_tier modalities logit_bias logprobs top_logprobs prompt_cache_key safety_identifier
  prediction audio`.split(/\s+/),
);
/** They only say who asks, or by what name to count or find a request. */
const labels = new Set(['metadata', 'user', 'prompt_cache_key', 'safety_identifier']);

const changesNothing = (name: string, value: unknown): boolean =>
  labels.has(name) || asksNothing(name, value) || (name === 'parallel_tool_calls' && value === true);

/** What asks for nothing is left out; the rest only where the route allows it, otherwise Cohere says no. */
function adaptToCohere(body: Json, { drop }: AdapterCall): Json {
  const kept = Object.entries(body).filter(([name, value]) => {
    if (!refused.has(name)) return true;
    if (changesNothing(name, value)) return false;
    drop?.(name);
    return drop === undefined;
  });
  const adapted: Json = Object.fromEntries(kept);
  const { reasoning_effort: effort } = body;
  // It either thinks or not.
  if (isSet(effort)) adapted.reasoning_effort = effort === 'none' || effort === 'minimal' ? 'none' : 'high';
  return adapted;
}

/** What is billed stands in `meta`, where it stands at all. */
function readBilled(answer: Json) {
  const units = isJson(answer.meta) && isJson(answer.meta.billed_units) ? answer.meta.billed_units : {};
  const { vectors, usage } = readEmbeddings(answer);
  const { input_tokens: billed } = units;
  return { vectors, usage: Number.isSafeInteger(billed) ? { input: Number(billed), output: 0 } : usage };
}

function failureOf(status: number, headers: IncomingHttpHeaders, text: string): UpstreamFailure {
  const error = readErrorBody(text);
  return toFailure(status, headers, error, reasonOf(status, error));
}

/** https://docs.cohere.com/reference/errors */
function reasonOf(status: number, error: ErrorBody): FailureReason {
  // An invalid token.
  if (status === 498) return 'key-refused';
  // Cohere ended the request by itself.
  if (status === 499) return 'broken';
  // Of a month, which no waiting helps.
  if (status === 429 && /trial key.*month/i.test(error.message ?? '')) return 'key-refused';
  return openAiReason(status, error);
}
