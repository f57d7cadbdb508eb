import { beforeAll, describe, expect, it } from 'vitest';
import { describeApi } from '../../scripts/describe-api.ts';
import { addressOf, type Operation, readApi, references } from '../support/http/api-description.ts';
import { botCalls } from '../support/http/bot-calls.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { consoleCalls } from '../support/http/console-calls.ts';
import { platformCalls, type Scene } from '../support/http/described-calls.ts';
import { gatewayCalls } from '../support/http/gateway-calls.ts';
import { makeAdministrator } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const platform = await sharedPlatform();
const { url } = platform;
const { document, operations, mismatch } = await readApi(url);

const scene = { platform } as Scene;
/** What every operation is called with; one that is missing here fails its test. */
const calls = { ...platformCalls, ...botCalls, ...gatewayCalls, ...consoleCalls };

/** Streams that end with their token only. */
const endless = new Set(['GET /api/documents/events', 'GET /api/operator/logs/events']);
async function beginningOf({ body, status, headers }: Response): Promise<Response> {
  const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new Response(value ?? null, { status, headers });
}

/** What the local provider cannot do, and what only works on an empty platform: here it is a described refusal. */
const refusals = new Map([
  ['POST /v1/audio/speech', 400],
  ['POST /v1/audio/transcriptions', 400],
  ['POST /v1/images/generations', 400],
  ['POST /v1/rerank', 400],
  ['POST /api/setup', 409],
  // No job is dead, and no target of backups is set.
  ['POST /api/operator/jobs/retry', 409],
  ['POST /api/operator/jobs/discard', 409],
  ['POST /api/operator/backups', 409],
]);

const WRONG_HOST = 421;

const named = operations.map((operation) => [operation.key, operation] as const);
const secured = named.filter(([, { security }]) => security);
/** Their problems have the form of other companies; each is tested next to the function. */
const isForeign = ({ path }: Operation) => path.startsWith('/v1/');
const withId = secured.filter(([, operation]) => operation.path.includes('{id}') && !isForeign(operation));
const withJson = named.filter(([, operation]) => operation.takesJson && !isForeign(operation));

beforeAll(async () => {
  const account = await createAccount(platform);
  await makeAdministrator(platform, account);
  const documentId = await account.add('terms.txt', 'Article 1. The deposit is 500 euros.');
  const failedId = (await account.upload('broken.pdf', '%PDF-1.7\nthis is none')).id;
  expect((await account.follow(failedId)).at(-1)).toMatchObject({
    status: 'failed',
    failure: { message: expect.any(String) },
  });
  const { conversationId } = await account.ask('How high is the deposit?');
  Object.assign(scene, { account, documentId, failedId, conversationId });
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
    (_, { operationId, method, path, summary, tags, parameters = [], responses, requestBody, security }) => {
      expect(method).toMatch(/^(get|post|put|patch|delete)$/);
      expect(operationId).toMatch(/^[a-z][a-zA-Z]+$/);
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

  it('is what `describeApi` says without a platform', async () => {
    expect(document).toEqual(await describeApi());
  });

  it('knows all operations that are called here, and the other way round', () => {
    expect(operations.map(({ key }) => key).toSorted()).toEqual(Object.keys(calls).toSorted());
  });
});

describe('what operations answer', () => {
  it.each(named)('is as described when %s succeeds', async (key, operation) => {
    const { id, query = '', ...options } = (await calls[key]?.(scene)) ?? {};
    const whole = await sendToHost(addressOf(operation, id, query), options);
    const response = endless.has(key) ? await beginningOf(whole) : whole;
    const text = await response.clone().text();
    const refusal = refusals.get(key);
    if (refusal === undefined) expect(response.status, text).toBeLessThan(300);
    else expect(response.status, text).toBe(refusal);
    expect(await mismatch(operation, response)).toEqual([]);
  });

  it.each(secured)('is a described problem when %s is called without a token', async (_, operation) => {
    const response = await send(url, addressOf(operation, scene.documentId));
    if (isForeign(operation)) {
      expect(response.status).toBe(401);
      expect(await mismatch(operation, response.clone())).toEqual([]);
    } else await expectProblem(operation, response, 'unauthenticated');
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it.each(withId)(
    'is a described problem when %s is called with an id that is missing, or is none',
    async (key, operation) => {
      const { id: _, query: __, ...options } = (await calls[key]?.(scene)) ?? {};
      await expectProblem(operation, await sendToHost(addressOf(operation, crypto.randomUUID()), options), 'not-found');
      await expectProblem(operation, await sendToHost(addressOf(operation, 'none'), options), 'invalid-request');
    },
  );

  it.each(withJson)('is a described problem when %s is called with a wrong body', async (_, operation) => {
    // Only some ids could be the name of a unit.
    const call = addressOf(operation, operation.path.includes('{unit}') ? 'health' : scene.documentId);
    const keyed = () => ({ 'idempotency-key': crypto.randomUUID() });
    const typed = (type: string, body: string) =>
      scene.account.send(call, { body, headers: { ...keyed(), 'content-type': type } });
    await expectProblem(operation, await typed('application/json', '{"broken'), 'malformed-json');
    await expectProblem(operation, await typed('text/plain', '{}'), 'unsupported-media-type');
    await expectProblem(
      operation,
      await typed('application/json', JSON.stringify({ x: 'y'.repeat(300_000) })),
      'payload-too-large',
    );
    // Whose clients know 422 from other gateways.
    const refused = operation.key === 'PUT /api/gateway/budgets' ? 'budget-not-accepted' : 'invalid-request';
    for (const json of [{}, { unknownField: 1 }, [], null, 'text', 7]) {
      const problem = await expectProblem(
        operation,
        await scene.account.send(call, { json, headers: keyed() }),
        refused,
      );
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

/** Again as long as another host answers than the one that the request names, where several take turns. */
async function sendToHost(...request: Parameters<Account['send']>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await scene.account.send(...request);
    if (response.status !== WRONG_HOST || attempt === 10) return response;
  }
}
