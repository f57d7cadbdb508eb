import type { FailureReason } from '../../models/providers/adapter.ts';
import { sayChat, sayEmbeddings } from './openai-format.ts';
import { refuseChat } from './openai-rules.ts';
import {
  type Json,
  type ProviderServer,
  type Reply,
  type SeenRequest,
  startProviderServer,
} from './provider-server.ts';

const models = new Set(['command-a-03-2025']);
const chatFields = new Set(
  `model messages stream reasoning_effort response_format tools tool_choice temperature max_tokens stop seed top_p frequency_penalty
  presence_penalty`.split(/\s+/),
);
const embeddingFields = new Set(['input', 'model', 'encoding_format']);

const cohereError = (status: number, message: string): Reply => ({ status, json: { message } });

/** Cohere's compatible address below `/compatibility/v1`, and rerank. @param key the only one that it takes */
export const startCohereUpstream = (key: string): Promise<ProviderServer> =>
  startProviderServer({
    handle: (request) => handle(request, key),
    // The count comes at the end of a stream without being asked for.
    say: (turn, { body }) => sayChat(turn, { ...body, stream_options: { include_usage: true } }),
  });

function handle({ path, headers, body }: SeenRequest, key: string): Reply | undefined {
  if (headers.authorization !== `Bearer ${key}`) return cohereError(401, 'invalid api token');
  switch (path) {
    case '/compatibility/v1/chat/completions': {
      if (!models.has(String(body.model))) return cohereError(404, `model '${body.model}' not found`);
      const effort = body.reasoning_effort;
      if (![undefined, 'none', 'high'].includes(effort as undefined)) return cohereError(400, 'reasoning_effort');
      const reply = refuseChat(body, { fields: chatFields });
      return reply && cohereError(422, `invalid request: ${JSON.stringify(reply.json)}`);
    }
    case '/compatibility/v1/embeddings': {
      if (body.model !== 'embed-v4.0') return cohereError(404, `model '${body.model}' not found`);
      const unknown = Object.keys(body).find((name) => !embeddingFields.has(name));
      return unknown ? cohereError(422, `unknown parameter ${unknown}`) : sayEmbeddings(body, 8);
    }
    case '/v2/rerank':
      return rerank(body);
    default:
      return cohereError(404, 'not found');
  }
}

function rerank({ model, query, documents, top_n: most }: Json): Reply {
  if (model !== 'rerank-v3.5') return cohereError(404, `model '${model}' not found`);
  if (typeof query !== 'string' || !Array.isArray(documents)) return cohereError(400, 'invalid request');
  const results = documents.map((_, index) => ({ index, relevance_score: 1 / (index + 2) }));
  return {
    json: {
      id: 'r1',
      results: results.slice(0, Number(most ?? results.length)),
      meta: { api_version: { version: '2' }, billed_units: { search_units: Math.ceil(documents.length / 100) } },
    },
  };
}

/** How it says that something is wrong, beyond its rules, and what that means. */
export const cohereFailures: Record<string, [Reply, FailureReason]> = {
  'bad request': [cohereError(400, 'invalid request: message must be at least 1 token long'), 'refused'],
  'too long': [cohereError(400, 'too many tokens: total number of tokens cannot exceed 256000'), 'too-long'],
  'no money': [cohereError(402, 'please add a payment method'), 'key-refused'],
  'an invalid token': [cohereError(498, 'invalid token'), 'key-refused'],
  'a trial that is over': [
    cohereError(429, 'You are using a Trial key, which is limited to 1000 API calls / month.'),
    'key-refused',
  ],
  'too many': [cohereError(429, 'Too many requests'), 'rate-limited'],
  'ended by itself': [cohereError(499, 'request cancelled'), 'broken'],
  broken: [cohereError(500, 'internal server error'), 'broken'],
  away: [cohereError(503, 'service unavailable'), 'overloaded'],
};
