import { describe, expect, it } from 'vitest';
import { jsonReply } from '../../modules/testing/upstream-server.ts';
import { completion, gatewayScene } from './gateway.fixture.ts';

const { mine, withUpstream, keyFor } = await gatewayScene();
const hello = { model: 'default', messages: [{ role: 'user' as const, content: 'Hello' }] };
const message = { ...hello, max_tokens: 10 };

const opened = (n: number) => `${'{"a":['.repeat(n)}${']}'.repeat(n)}`;

describe('errors', () => {
  it.each<[string, string, string | object, Record<string, string>, number, string]>([
    ['/v1/chat/completions', 'no such key', hello, { authorization: 'Bearer sk-1' }, 401, 'invalid_api_key'],
    ['/v1/chat/completions', 'no credential', hello, { authorization: 'Basic eDp5' }, 401, 'invalid_api_key'],
    ['/v1/chat/completions', 'no such model', { ...hello, model: 'gpt-0' }, {}, 404, 'model_not_found'],
    ['/v1/nothing', 'an unknown path', hello, {}, 404, 'not_found'],
    ['/v1/chat/completions', '600 KiB', { ...hello, user: 'x'.repeat(600 * 1024) }, {}, 413, 'payload_too_large'],
    ['/v1/chat/completions', 'a form', 'x', { 'content-type': 'multipart/form-data' }, 415, 'unsupported_media_type'],
    ['/v1/chat/completions', 'text', 'x', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['/v1/chat/completions', 'broken JSON', '{"model": ', {}, 400, 'malformed_json'],
    ['/v1/chat/completions', 'no object', '[]', {}, 400, 'invalid_request'],
    ['/v1/chat/completions', 'deep nesting', `{"model":"default","x":${opened(60)}}`, {}, 400, 'invalid_request'],
    ['/v1/chat/completions', 'very deep nesting', `{"x":${opened(40_000)}}`, {}, 400, 'invalid_request'],
    ['/v1/chat/completions', 'a huge number', '{"model":"default","seed":1e999}', {}, 400, 'invalid_request'],
    ['/v1/chat/completions', 'negative n', { ...hello, n: -1 }, {}, 400, 'invalid_request'],
    ['/v1/chat/completions', 'a fraction of tokens', { ...hello, max_tokens: 1.5 }, {}, 400, 'invalid_request'],
    ['/v1/chat/completions', 'no messages', { model: 'default' }, {}, 400, 'invalid_request'],
    ['/v1/chat/completions', 'a request of Anthropic', { ...message, system: 'Be kind' }, {}, 400, 'invalid_request'],
    ['/v1/chat/completions', 'a time of 0', hello, { 'x-pandect-timeout': '0' }, 400, 'invalid_request'],
    ['/v1/chat/completions', 'a strange time to keep', hello, { 'x-pandect-cache': 'yes' }, 400, 'invalid_request'],
  ])('of %s are of the form of OpenAI for %s', async (path, _, body, headers, status, code) => {
    const { upstream, gateway } = await withUpstream([jsonReply(completion('Hi'))]);
    const key = await keyFor(mine.owner);
    const response = await gateway.post(path, body, key, { 'x-request-id': 'my-request-1', ...headers });
    expect([response.status, await response.json()]).toEqual([
      status,
      {
        error: {
          message: expect.any(String),
          type: expect.any(String),
          code,
          param: expect.toBeOneOf([null, expect.any(String)]),
        },
      },
    ]);
    expect(response.headers.get('x-request-id')).toBe('my-request-1');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(upstream.visits).toHaveLength(0);
  });

  it.each<[string, string | object, Record<string, string>, number, string]>([
    ['a foreign key', message, { authorization: '', 'x-api-key': 'sk-ant-1' }, 401, 'authentication_error'],
    ['no such model', { ...message, model: 'claude-0' }, {}, 404, 'not_found_error'],
    ['600 KiB', { ...message, system: 'x'.repeat(600 * 1024) }, {}, 413, 'request_too_large'],
    ['broken JSON', '{', {}, 400, 'invalid_request_error'],
    ['no limit of tokens', hello, {}, 400, 'invalid_request_error'],
    [
      'a role of OpenAI',
      { ...message, messages: [{ role: 'system', content: 'x' }] },
      {},
      400,
      'invalid_request_error',
    ],
  ])('of messages are of the form of Anthropic for %s', async (_, body, headers, status, type) => {
    const { upstream, gateway } = await withUpstream([jsonReply(completion('Hi'))]);
    const key = await keyFor(mine.owner);
    const response = await gateway.post('/v1/messages', body, key, { 'x-request-id': 'my-request-1', ...headers });
    expect([response.status, await response.json()]).toEqual([
      status,
      {
        type: 'error',
        error: { type, message: expect.any(String), code: expect.any(String) },
        request_id: 'my-request-1',
      },
    ]);
    expect(response.headers.get('request-id')).toBe('my-request-1');
    expect(upstream.visits).toHaveLength(0);
  });

  it('name the place of a mistake', async () => {
    const { gateway } = await withUpstream([]);
    const tools = [
      { type: 'function', function: { name: 'f', parameters: { $ref: '#/$defs/a', $defs: { a: { $ref: '#' } } } } },
    ];
    for (const [change, param] of [
      [{ n: 0 }, 'n'],
      [{ messages: [{ role: 'user', content: 'x' }, 'x'] }, 'messages[1]'],
      [{ tools }, 'tools[0].function.parameters'],
    ] as const) {
      const response = await gateway.post('/v1/chat/completions', { ...hello, ...change }, mine.owner);
      expect(await response.json()).toMatchObject({ error: { param } });
    }
  });

  it('of a key without the scope are those of what is not there', async () => {
    const { gateway } = await withUpstream([]);
    const key = await keyFor(mine.owner, { scopes: ['ask'] });
    expect((await gateway.post('/v1/chat/completions', hello, key)).status).toBe(404);
    expect((await gateway.get('/v1/models', key)).status).toBe(404);
  });
});

describe('GET /v1/models', () => {
  it('lists routes and models in the form of OpenAI, or of Anthropic for its clients', async () => {
    const { gateway } = await withUpstream([]);
    const key = await keyFor(mine.owner);
    const ids: string[] = [];
    for await (const model of gateway.openai(key).models.list()) ids.push(model.id);
    expect(ids).toEqual([
      'default',
      'standard',
      'advanced',
      'embedding',
      'small',
      'large',
      expect.any(String),
      'local',
    ]);
    const own: string[] = [];
    for await (const model of gateway.anthropic(key).models.list()) own.push(model.id);
    expect(own).toEqual(ids);
    expect(await gateway.openai(key).models.retrieve('small')).toMatchObject({ id: 'small', owned_by: 'openai' });
    expect(await gateway.anthropic(key).models.retrieve('default')).toMatchObject({ id: 'default', type: 'model' });
    await expect(gateway.openai(key).models.retrieve('gpt-0')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });
});
