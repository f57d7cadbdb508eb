import type { FailureReason } from '../../models/providers/adapter.ts';
import { sayChat, sayEmbeddings, sayResponse } from './openai-format.ts';
import { refuseChat } from './openai-rules.ts';
import {
  type Json,
  type ProviderServer,
  type Reply,
  type SeenRequest,
  startProviderServer,
} from './provider-server.ts';

const deployments = new Set(['chat-eu', 'embed-eu']);
const API_VERSION = /^20\d\d-\d\d-\d\d(-preview)?$/;

const azureError = (status: number, code: string, message: string, more: Json = {}): Reply => ({
  status,
  headers: { 'apim-request-id': 'a1' },
  json: { error: { code, message, ...more } },
});

/** Azure OpenAI: addresses of deployments, which need a version, and the newer `/openai/v1`. @param key the only key that it takes */
export const startAzureUpstream = (key: string): Promise<ProviderServer> =>
  startProviderServer({
    handle: (request) => handle(request, key),
    say: (turn, { path, body }) =>
      path.endsWith('/responses') ? sayResponse(turn, body) : withFilters(sayChat(turn, body)),
  });

function handle({ path, query, headers, body }: SeenRequest, key: string): Reply | undefined {
  if (headers['api-key'] !== key) {
    return azureError(401, '401', 'Access denied due to invalid subscription key or wrong API endpoint.');
  }
  const [, inPath, ofDeployment] = /^\/openai\/deployments\/([^/]+)(\/.+)$/.exec(path) ?? [];
  const newer = /^\/openai\/v1(\/.+)$/.exec(path)?.[1];
  const shared = path === '/openai/responses' ? '/responses' : undefined;
  const operation = ofDeployment ?? newer ?? shared;
  const needsVersion = newer === undefined;
  if (operation === undefined || (needsVersion && !API_VERSION.test(query.get('api-version') ?? ''))) {
    return azureError(404, '404', 'Resource not found');
  }
  if (!deployments.has(inPath ?? String(body.model))) {
    return azureError(404, 'DeploymentNotFound', 'The API deployment for this resource does not exist.');
  }
  switch (operation) {
    case '/chat/completions':
      return refuseChat(body);
    case '/embeddings':
      return sayEmbeddings(body, 8);
    case '/responses':
      return undefined;
    default:
      return azureError(404, '404', 'Resource not found');
  }
}

const filtered = { hate: { filtered: false, severity: 'safe' } };

/** A stream begins with what was found in the prompt, and holds choices without a delta for what was found in the answer. */
function withFilters(reply: Reply): Reply {
  if (!reply.pieces) return reply;
  const event = (json: Json) => `data: ${JSON.stringify({ id: '', created: 0, object: '', model: '', ...json })}\n\n`;
  const [first = '', ...rest] = reply.pieces;
  const found = { choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: filtered }] };
  const offsets = { check_offset: 0, start_offset: 0, end_offset: 10 };
  const checked = {
    choices: [{ index: 0, finish_reason: null, content_filter_results: filtered, content_filter_offsets: offsets }],
  };
  return { ...reply, pieces: [event(found), first, event(checked), ...rest] };
}

/** How it says that something is wrong, beyond its rules, and what that means. */
export const azureFailures: Record<string, [Reply, FailureReason]> = {
  filtered: [
    azureError(400, 'content_filter', "The response was filtered due to Azure OpenAI's content policy.", {
      param: 'prompt',
      innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: filtered },
    }),
    'refused',
  ],
  forbidden: [azureError(403, '403', 'Public access is disabled. Configure a private endpoint.'), 'key-refused'],
  'too many': [
    { ...azureError(429, '429', 'Requests have exceeded the rate limit.'), headers: { 'x-ms-retry-after-ms': '1500' } },
    'rate-limited',
  ],
  'too long': [
    azureError(400, 'context_length_exceeded', "This model's maximum context length is 128000 tokens."),
    'too-long',
  ],
  broken: [azureError(500, 'InternalServerError', 'Backend returned unexpected response.'), 'broken'],
  away: [azureError(503, 'ServiceUnavailable', 'The service is temporarily unable'), 'overloaded'],
};
