import { until } from '../until.ts';
import { form } from './client.ts';
import type { Call, Scene } from './described-calls.ts';

const hello = { model: 'default', messages: [{ role: 'user', content: 'Hello' }] };
const providerKey = { key: 'a-key-of-this-organization-alone' };
const budget = { scope: 'model', scopeId: crypto.randomUUID(), window: 'month', limitCost: '1500.5' };

/** What the operations of the gateway are called with so that they succeed. */
export const gatewayCalls: Record<string, (scene: Scene) => Call | Promise<Call>> = {
  'GET /api/gateway/provider-keys': () => ({}),
  'GET /api/gateway/provider-keys/{provider}': async (scene) => ({ id: await aProviderKey(scene, 'openai') }),
  'PUT /api/gateway/provider-keys/{provider}': () => ({ id: 'anthropic', json: providerKey }),
  'DELETE /api/gateway/provider-keys/{provider}': async (scene) => ({ id: await aProviderKey(scene, 'gigachat') }),
  'GET /api/gateway/calls': () => ({ query: '?limit=5' }),
  'GET /api/gateway/calls/{requestId}': async (scene) => ({ id: await aCall(scene) }),
  'GET /api/gateway/prompt-log': () => ({}),
  'PUT /api/gateway/prompt-log': () => ({ json: { enabled: false } }),
  'GET /api/gateway/prompt-logs': () => ({ query: '?limit=5' }),
  'GET /api/gateway/webhook-secret': () => ({}),
  'POST /api/gateway/webhook-secret': () => ({}),
  'GET /api/gateway/budgets': () => ({}),
  'GET /api/gateway/budgets/{id}': async (scene) => ({ id: await aBudget(scene) }),
  'PUT /api/gateway/budgets': () => ({ json: budget }),
  'DELETE /api/gateway/budgets/{id}': async (scene) => ({ id: await aBudget(scene) }),
  'POST /v1/chat/completions': () => ({ json: hello }),
  'POST /v1/messages': () => ({ json: { ...hello, max_tokens: 100 } }),
  'POST /v1/responses': () => ({ json: { model: 'default', input: 'Hello' } }),
  'POST /v1/messages/count_tokens': () => ({ json: hello }),
  'POST /v1/embeddings': () => ({ json: { model: 'embedding', input: 'Hello' } }),
  'POST /v1/audio/speech': () => ({ json: { model: 'default', input: 'Hello', voice: 'alloy' } }),
  'POST /v1/audio/transcriptions': () => {
    const body = form('hello.wav', 'RIFF');
    body.set('model', 'default');
    return { body };
  },
  'POST /v1/images/generations': () => ({ json: { model: 'default', prompt: 'A contract' } }),
  'POST /v1/rerank': () => ({ json: { model: 'default', query: 'rent', documents: ['The rent is due'] } }),
  'POST /v1/async/chat/completions': () => ({ json: hello }),
  'POST /v1/async/responses': () => ({ json: { model: 'default', input: 'Hello' } }),
  'POST /v1/async/embeddings': () => ({ json: { model: 'embedding', input: 'Hello' } }),
  'GET /v1/async/{id}': async (scene) => ({ id: await anAsyncCall(scene) }),
  'DELETE /v1/async/{id}': async (scene) => ({ id: await anAsyncCall(scene) }),
  'POST /v1/files': () => ({ body: batchForm() }),
  'GET /v1/files': () => ({ query: '?limit=5&purpose=batch' }),
  'GET /v1/files/{id}': async (scene) => ({ id: await aBatchFile(scene) }),
  'GET /v1/files/{id}/content': async (scene) => ({ id: await aBatchFile(scene) }),
  'DELETE /v1/files/{id}': async (scene) => ({ id: await aBatchFile(scene) }),
  'POST /v1/batches': async (scene) => ({ json: await newBatch(scene) }),
  'GET /v1/batches': () => ({}),
  'GET /v1/batches/{id}': async (scene) => ({ id: await aBatch(scene) }),
  // So many that it is not done before it is cancelled.
  'POST /v1/batches/{id}/cancel': async (scene) => ({ id: await aBatch(scene, 300) }),
  'GET /v1/models': () => ({}),
  'GET /v1/models/{id}': () => ({ id: 'default' }),
};

async function aProviderKey(scene: Scene, provider: string): Promise<string> {
  await scene.account.get(`PUT /api/gateway/provider-keys/${provider}`, { json: providerKey });
  return provider;
}

async function aBudget(scene: Scene): Promise<string> {
  const json = { ...budget, scopeId: crypto.randomUUID() };
  const { id } = await scene.account.get<{ id: string }>('PUT /api/gateway/budgets', { json });
  return id;
}

async function aCall(scene: Scene): Promise<string> {
  await scene.account.get('POST /v1/chat/completions', { json: hello });
  return until('a call on the books', async () => {
    const { items } = await scene.account.get<{ items: { requestId: string }[] }>('GET /api/gateway/calls?limit=1');
    return items[0]?.requestId;
  });
}

const anAsyncCall = async (scene: Scene) =>
  (await scene.account.get<{ id: string }>('POST /v1/async/chat/completions', { json: hello })).id;

function batchForm(calls = 1): FormData {
  const lines = Array.from({ length: calls }, (_, index) =>
    JSON.stringify({ custom_id: `${index}`, method: 'POST', url: '/v1/chat/completions', body: hello }),
  );
  const body = form('requests.jsonl', lines.join('\n'));
  body.set('purpose', 'batch');
  return body;
}

const aBatchFile = async (scene: Scene, calls?: number) =>
  (await scene.account.get<{ id: string }>('POST /v1/files', { body: batchForm(calls) })).id;

const newBatch = async (scene: Scene, calls?: number) => ({
  input_file_id: await aBatchFile(scene, calls),
  endpoint: '/v1/chat/completions',
  completion_window: '24h',
});

const aBatch = async (scene: Scene, calls?: number) =>
  (await scene.account.get<{ id: string }>('POST /v1/batches', { json: await newBatch(scene, calls) })).id;
