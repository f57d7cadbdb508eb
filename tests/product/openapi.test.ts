import { beforeAll, describe, expect, it } from 'vitest';
import { addressOf, type Operation, readApi, references } from '../support/http/api-description.ts';
import { type Account, createAccount, form, type RequestOptions, type Session, send } from '../support/http/client.ts';
import { beginUpload, tus } from '../support/http/resumable.ts';
import { mailedToken } from '../support/mailbox.ts';
import { addPerson, makeAdministrator, organizationOf, someone } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { until } from '../support/until.ts';

const platform = sharedPlatform();
const { url } = platform;
const { document, operations, mismatch } = await readApi(url);

/** How one operation is called so that it succeeds: what stands for `{id}`, and the rest of the request. */
interface Call extends RequestOptions {
  id?: string;
  query?: string;
}

let account: Account;
let documentId: string;
let failedId: string;
let conversationId: string;

const hello = { model: 'default', messages: [{ role: 'user', content: 'Hello' }] };

/** What every operation is called with; one that is missing here fails its test. */
const calls: Record<string, () => Call | Promise<Call>> = {
  'GET /.well-known/jwks.json': () => ({}),
  'POST /api/auth/register': () => ({
    json: { email: `${crypto.randomUUID()}@example.org`, password: 'a long password', organization: 'Described' },
  }),
  'POST /api/auth/login': () => ({ json: { email: account.email, password: account.password } }),
  'POST /api/auth/refresh': async () => ({ json: { refreshToken: await anotherRefreshToken() } }),
  'POST /api/auth/logout': async () => ({ json: { refreshToken: await anotherRefreshToken() } }),
  'POST /api/auth/accept-invitation': async () => {
    const { email } = await anotherInvitation();
    const token = await mailedToken(platform, email, 'invitation');
    return { json: { token, email, password: 'a long password' } };
  },
  'POST /api/auth/confirm-email': async () => {
    const { email } = await createAccount(platform);
    return { json: { token: await mailedToken(platform, email, 'confirm-email') } };
  },
  'POST /api/auth/resend-confirmation': () => ({}),
  'POST /api/auth/forgot-password': () => ({ json: { email: account.email } }),
  'POST /api/auth/reset-password': async () => {
    const { email } = await createAccount(platform);
    await send(url, 'POST /api/auth/forgot-password', { json: { email } });
    return { json: { token: await mailedToken(platform, email, 'reset-password'), password: 'a long password' } };
  },
  'POST /api/auth/change-password': async () => {
    const other = await createAccount(platform);
    return { json: { current: other.password, password: 'a long password' }, headers: tokenOf(other) };
  },
  'GET /api/organization': () => ({}),
  'PATCH /api/organization': () => ({ json: { name: 'Renamed' } }),
  'DELETE /api/organization': async () => ({
    json: { name: 'Whole-system test' },
    headers: tokenOf(await createAccount(platform)),
  }),
  'GET /api/organization/export': () => ({}),
  'GET /api/organization/audit': () => ({ query: '?limit=5' }),
  'GET /api/organization/members': () => ({}),
  'PATCH /api/organization/members/{id}': async () => ({ id: await anotherMember(), json: { role: 'viewer' } }),
  'DELETE /api/organization/members/{id}': async () => ({ id: await anotherMember() }),
  'GET /api/organization/invitations': () => ({ query: '?limit=5' }),
  'POST /api/organization/invitations': () => ({
    json: { email: `${crypto.randomUUID()}@example.org`, role: 'admin' },
  }),
  'DELETE /api/organization/invitations/{id}': async () => ({ id: (await anotherInvitation()).id }),
  'GET /api/keys': () => ({ query: '?limit=5' }),
  'POST /api/keys': () => ({ json: { name: 'Described', scopes: ['ask', 'search'] } }),
  'PATCH /api/keys/{id}': async () => ({ id: await anotherKey(), json: { rpm: 10, routes: ['default', 'team/*'] } }),
  'POST /api/keys/{id}/rotate': async () => ({ id: await anotherKey(), json: { graceSeconds: 60 } }),
  'DELETE /api/keys/{id}': async () => ({ id: await anotherKey() }),
  'GET /api/gateway/provider-keys': () => ({}),
  'GET /api/gateway/provider-keys/{provider}': async () => ({ id: await aProviderKey('openai') }),
  'PUT /api/gateway/provider-keys/{provider}': () => ({ id: 'anthropic', json: providerKey }),
  'DELETE /api/gateway/provider-keys/{provider}': async () => ({ id: await aProviderKey('gigachat') }),
  'GET /api/gateway/calls': () => ({ query: '?limit=5' }),
  'GET /api/gateway/calls/{requestId}': async () => ({ id: await aCall() }),
  'GET /api/gateway/prompt-log': () => ({}),
  'PUT /api/gateway/prompt-log': () => ({ json: { enabled: false } }),
  'GET /api/gateway/prompt-logs': () => ({ query: '?limit=5' }),
  'GET /api/gateway/webhook-secret': () => ({}),
  'POST /api/gateway/webhook-secret': () => ({}),
  'GET /api/gateway/budgets': () => ({}),
  'GET /api/gateway/budgets/{id}': async () => ({ id: await aBudget() }),
  'PUT /api/gateway/budgets': () => ({ json: budget }),
  'DELETE /api/gateway/budgets/{id}': async () => ({ id: await aBudget() }),
  'GET /api/documents': () => ({ query: '?limit=1&status=ready' }),
  'POST /api/documents': () => ({ body: form('other.txt', 'Other terms.') }),
  'GET /api/documents/{id}': () => ({ id: documentId }),
  'DELETE /api/documents/{id}': async () => ({ id: await account.add('passing.txt', 'Passing terms.') }),
  'GET /api/documents/{id}/events': () => ({ id: documentId }),
  'GET /api/documents/{id}/content': () => ({ id: documentId }),
  'GET /api/documents/{id}/text': () => ({ id: documentId }),
  'POST /api/documents/{id}/retry': () => ({ id: failedId }),
  'POST /api/documents/{id}/versions': async () => ({
    id: await account.add('agreed.txt', `Agreed terms ${crypto.randomUUID()}.`),
    body: form('agreed.txt', `Newly agreed terms ${crypto.randomUUID()}.`),
  }),
  'POST /api/uploads': () => ({ headers: { ...tus, 'upload-length': '5' } }),
  'GET /api/uploads/{id}': async () => ({ id: await beginUpload(account, 'begun.txt') }),
  'PATCH /api/uploads/{id}': async () => ({
    id: await beginUpload(account, 'begun.txt', 5),
    body: 'words',
    headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
  }),
  'DELETE /api/uploads/{id}': async () => ({ id: await beginUpload(account, 'begun.txt'), headers: tus }),
  'POST /api/search': () => ({ json: { query: 'deposit' } }),
  'POST /api/ask': () => ({ json: { question: 'How high is the deposit?' } }),
  'GET /api/conversations': () => ({ query: '?limit=5' }),
  'GET /api/conversations/{id}': () => ({ id: conversationId }),
  'DELETE /api/conversations/{id}': async () => ({
    id: (await account.ask('How high is the deposit?')).conversationId,
  }),
  'GET /api/usage': () => ({}),
  'GET /api/limits': () => ({}),
  'GET /api/plans': () => ({}),
  'GET /api/subscription': () => ({}),
  'POST /api/subscription': () => ({ json: { action: 'subscribe', tier: 'basic' } }),
  'POST /api/top-ups': () => ({ json: { questions: 100 } }),
  'GET /api/invoices': () => ({ query: '?limit=5' }),
  'GET /api/invoices/{id}': async () => ({ id: (await anotherInvoice()).invoice.id }),
  'GET /api/invoices/{id}/pdf': async () => ({ id: (await anotherInvoice()).invoice.id }),
  'POST /api/invoices/{id}/payments': async () => ({
    id: (await anotherInvoice()).invoice.id,
    json: { provider: 'bank' },
  }),
  'POST /api/billing/webhooks/{provider}': () => {
    const metadata = { paymentId: crypto.randomUUID(), organizationId: crypto.randomUUID() };
    return { id: 'yookassa', json: { event: 'payment.succeeded', object: { id: crypto.randomUUID(), metadata } } };
  },
  'GET /api/admin/organizations': () => ({ query: '?limit=5&search=described' }),
  'GET /api/admin/organizations/{id}': () => ({ id: organizationId() }),
  'PATCH /api/admin/organizations/{id}': () => ({ id: organizationId(), json: { tier: 'enterprise' } }),
  'PUT /api/admin/organizations/{id}/overrides': async () => {
    const { overrides } = await account.get<{ overrides: object }>(`GET /api/admin/organizations/${organizationId()}`);
    return { id: organizationId(), json: overrides };
  },
  'POST /api/admin/organizations/{id}/credits': () => ({
    id: organizationId(),
    json: { questions: 5, reason: 'Described' },
  }),
  'GET /api/admin/plans/{tier}': () => ({ id: 'basic' }),
  'PUT /api/admin/plans/{tier}': async () => {
    const { tier, ...json } = await account.get<{ tier: string }>('GET /api/admin/plans/basic');
    return { id: tier, json };
  },
  'GET /api/admin/prices': () => ({}),
  'POST /api/admin/prices': () => ({
    json: { model: crypto.randomUUID(), prompt: '1.00', completion: '2.00', cached: '0.50' },
  }),
  'GET /api/admin/payments': () => ({ query: '?state=pending&provider=bank&limit=5' }),
  'POST /api/admin/payments/{id}/confirm': async () => {
    const { payment } = await anotherInvoice();
    return { id: payment.id, json: { amount: payment.amount, currency: 'RUB' } };
  },
  'PATCH /api/admin/keys/{id}': async () => ({ id: await anotherKey(), json: { channel: 'internal' } }),
  'GET /api/admin/usage': () => ({ query: '?limit=5' }),
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
  'GET /v1/async/{id}': async () => ({ id: await anAsyncCall() }),
  'DELETE /v1/async/{id}': async () => ({ id: await anAsyncCall() }),
  'POST /v1/files': () => ({ body: batchForm() }),
  'GET /v1/files': () => ({ query: '?limit=5&purpose=batch' }),
  'GET /v1/files/{id}': async () => ({ id: await aBatchFile() }),
  'GET /v1/files/{id}/content': async () => ({ id: await aBatchFile() }),
  'DELETE /v1/files/{id}': async () => ({ id: await aBatchFile() }),
  'POST /v1/batches': async () => ({ json: await newBatch() }),
  'GET /v1/batches': () => ({}),
  'GET /v1/batches/{id}': async () => ({ id: await aBatch() }),
  'POST /v1/batches/{id}/cancel': async () => ({ id: await aBatch() }),
  'GET /v1/models': () => ({}),
  'GET /v1/models/{id}': () => ({ id: 'default' }),
  'GET /health': () => ({}),
  'GET /ready': () => ({}),
  'GET /api/health': () => ({}),
};

/** What the local provider cannot do: here it is a described refusal. */
const unserved = new Set([
  ...['POST /v1/audio/speech', 'POST /v1/audio/transcriptions', 'POST /v1/images/generations', 'POST /v1/rerank'],
]);

const named = operations.map((operation) => [operation.key, operation] as const);
const secured = named.filter(([, { security }]) => security);
/** Their problems have the form of other companies; each is tested next to the function. */
const isForeign = ({ path }: Operation) => path.startsWith('/v1/');
const withId = secured.filter(([, operation]) => operation.path.includes('{id}') && !isForeign(operation));
const withJson = named.filter(([, operation]) => operation.takesJson && !isForeign(operation));

beforeAll(async () => {
  account = await createAccount(platform);
  await makeAdministrator(platform, account);
  documentId = await account.add('terms.txt', 'Article 1. The deposit is 500 euros.');
  failedId = (await account.upload('broken.pdf', '%PDF-1.7\nthis is none')).id;
  expect((await account.follow(failedId)).at(-1)).toMatchObject({
    status: 'failed',
    failure: { message: expect.any(String) },
  });
  ({ conversationId } = await account.ask('How high is the deposit?'));
});

describe('the description', () => {
  it('is OpenAPI 3.1 with everything that it refers to', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Pandect', version: expect.any(String) });
    for (const reference of references(document)) {
      const place = reference.replace(/^#\//, '').split('/');
      const target = place.reduce(
        (node: Record<string, unknown> | undefined, part) =>
          node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')] as Record<string, unknown> | undefined,
        { ...document },
      );
      expect(target, reference).toBeTypeOf('object');
    }
  });

  it.each(named)(
    'describes %s completely',
    (_, { method, path, summary, tags, parameters = [], responses, requestBody, security }) => {
      expect(method).toMatch(/^(get|post|put|patch|delete)$/);
      expect(summary).toBeTruthy();
      expect(tags).toHaveLength(1);
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      for (const { required, schema } of inPath)
        expect({ required, schema }).toEqual({ required: true, schema: expect.any(Object) });
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      for (const [status, { description, content = {} }] of Object.entries(responses)) {
        expect(status).toMatch(/^[2345]\d\d$/);
        expect(description).toBeTypeOf('string');
        for (const { schema } of Object.values(content)) expect(schema).toBeTypeOf('object');
      }
      for (const { schema } of Object.values(requestBody?.content ?? {})) expect(schema).toBeTypeOf('object');
      for (const scheme of (security ?? []).flatMap(Object.keys))
        expect(document.components.securitySchemes).toHaveProperty(scheme);
      if (security) expect(responses).toHaveProperty('401');
    },
  );

  it('knows all operations that are called here, and the other way round', () => {
    expect(operations.map(({ key }) => key).toSorted()).toEqual(Object.keys(calls).toSorted());
  });
});

describe('what operations answer', () => {
  it.each(named)('is as described when %s succeeds', async (key, operation) => {
    const { id, query = '', ...options } = (await calls[key]?.()) ?? {};
    const response = await account.send(addressOf(operation, id, query), options);
    const text = await response.clone().text();
    if (unserved.has(key)) expect(response.status, text).toBe(400);
    else expect(response.status, text).toBeLessThan(300);
    expect(await mismatch(operation, response)).toEqual([]);
  });

  it.each(secured)('is a described problem when %s is called without a token', async (_, operation) => {
    const response = await send(url, addressOf(operation, documentId));
    if (isForeign(operation)) {
      expect(response.status).toBe(401);
      expect(await mismatch(operation, response.clone())).toEqual([]);
    } else await expectProblem(operation, response, 'unauthenticated');
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it.each(withId)(
    'is a described problem when %s is called with an id that is missing, or is none',
    async (key, operation) => {
      const { id: _, query: __, ...options } = (await calls[key]?.()) ?? {};
      await expectProblem(
        operation,
        await account.send(addressOf(operation, crypto.randomUUID()), options),
        'not-found',
      );
      await expectProblem(operation, await account.send(addressOf(operation, 'none'), options), 'invalid-request');
    },
  );

  it.each(withJson)('is a described problem when %s is called with a wrong body', async (_, operation) => {
    const call = addressOf(operation, documentId);
    const typed = (type: string, body: string) => account.send(call, { body, headers: { 'content-type': type } });
    await expectProblem(operation, await typed('application/json', '{"broken'), 'malformed-json');
    await expectProblem(operation, await typed('text/plain', '{}'), 'unsupported-media-type');
    await expectProblem(
      operation,
      await typed('application/json', JSON.stringify({ x: 'y'.repeat(200_000) })),
      'payload-too-large',
    );
    for (const json of [{}, { unknownField: 1 }, [], null, 'text', 7]) {
      const problem = await expectProblem(operation, await account.send(call, { json }), 'invalid-request');
      expect(problem.errors?.length).toBeGreaterThan(0);
      for (const { path } of problem.errors ?? []) expect(path).toMatch(/^body/);
    }
  });
});

async function expectProblem(operation: Operation, response: Response, type: string) {
  const problem = (await response.clone().json()) as { type: string; errors?: { path: string }[] };
  expect(problem.type).toBe(`urn:pandect:problem:${type}`);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await mismatch(operation, response)).toEqual([]);
  return problem;
}

const tokenOf = ({ session }: Account) => ({ authorization: `Bearer ${session.accessToken}` });

const anotherMember = async () => (await addPerson(platform, account, 'member')).userId;

const providerKey = { key: 'a-key-of-this-organization-alone' };

async function aProviderKey(provider: string): Promise<string> {
  await account.get(`PUT /api/gateway/provider-keys/${provider}`, { json: providerKey });
  return provider;
}

const budget = { scope: 'model', scopeId: crypto.randomUUID(), window: 'month', limitCost: '1500.5' };

async function aBudget(): Promise<string> {
  const json = { ...budget, scopeId: crypto.randomUUID() };
  const { id } = await account.get<{ id: string }>('PUT /api/gateway/budgets', { json });
  return id;
}

async function aCall(): Promise<string> {
  await account.get('POST /v1/chat/completions', { json: hello });
  return until('a call on the books', async () => {
    const { items } = await account.get<{ items: { requestId: string }[] }>('GET /api/gateway/calls?limit=1');
    return items[0]?.requestId;
  });
}

const anAsyncCall = async () =>
  (await account.get<{ id: string }>('POST /v1/async/chat/completions', { json: hello })).id;

function batchForm(): FormData {
  const line = { custom_id: 'one', method: 'POST', url: '/v1/chat/completions', body: hello };
  const body = form('requests.jsonl', JSON.stringify(line));
  body.set('purpose', 'batch');
  return body;
}

const aBatchFile = async () => (await account.get<{ id: string }>('POST /v1/files', { body: batchForm() })).id;

const newBatch = async () => ({
  input_file_id: await aBatchFile(),
  endpoint: '/v1/chat/completions',
  completion_window: '24h',
});

const aBatch = async () => (await account.get<{ id: string }>('POST /v1/batches', { json: await newBatch() })).id;

const anotherKey = async () =>
  (await account.get<{ id: string }>('POST /api/keys', { json: { name: 'Passing', scopes: ['ask'] } })).id;

const organizationId = () => organizationOf(someone(account));

const anotherInvoice = () =>
  account.get<{ invoice: { id: string }; payment: { id: string; amount: number } }>('POST /api/top-ups', {
    json: { questions: 100 },
  });

const anotherInvitation = () =>
  account.get<{ id: string; email: string }>('POST /api/organization/invitations', {
    json: { email: `${crypto.randomUUID()}@example.org` },
  });

async function anotherRefreshToken(): Promise<string> {
  const { email, password } = account;
  return ((await (await send(url, 'POST /api/auth/login', { json: { email, password } })).json()) as Session)
    .refreshToken;
}
