import { ReadableStream } from 'node:stream/web';
import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/client.ts';
import { dailyQuestionsUsed } from '../../../modules/commerce/problems.ts';
import { defineFunction } from '../../kernel/manifest.ts';
import { Problem } from '../../kernel/problem.ts';
import { type TestApp, testApp } from '../../testing/app.ts';
import { testDatabase } from '../../testing/database.ts';
import type { TestEnvironment } from '../../testing/process.ts';
import { database as databaseProvider } from '../providers/database.ts';
import { redis } from '../providers/redis.ts';
import { hostAllowed } from './compose-function.ts';
import { jsonBody } from './operation.ts';
import { createRouter } from './router.ts';

const database = await testDatabase();
const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => database.close());

const echo = createRoute({
  method: 'post',
  path: '/api/probe/echo',
  request: { body: jsonBody(z.strictObject({ name: z.string().min(1).max(10), count: z.int().optional() })) },
  responses: { 200: { description: 'The name' } },
});

const manifest = defineFunction({
  mount: ['/api/probe'],
  database: 'tenant',
  timeout: 1,
  body: 1000,
});

/** Bodies that were let go of before their end. */
const ended: string[] = [];

const module = {
  provide: { database: databaseProvider },
  createApp({ database: db }: { database: Database }) {
    const router = createRouter();
    router.openapi(echo, (c) => c.json({ name: c.req.valid('json').name }, 200));
    router.post('/api/probe/read', async (c) => c.text(String((await c.req.text()).length)));
    router.get('/api/probe/items/:id', (c) => c.text(c.req.param('id')));
    router.get('/api/probe/problem', () => {
      throw new Problem(dailyQuestionsUsed, { parameters: { limit: 10 }, headers: { 'retry-after': '60' } });
    });
    router.get('/api/probe/secret', () => {
      throw new Error('password of the vault is 1234');
    });
    router.get('/api/probe/query', async (c) => {
      const words = c.req.query('words') ?? '';
      await db.transaction((tx) => tx.execute(sql`select ${words}::int`));
      return c.text('');
    });
    router.get('/api/probe/body', (c) => {
      const body = new ReadableStream({ cancel: () => void ended.push(c.req.query('of') ?? '') });
      return c.body(body as never, 200, { 'content-length': '5' });
    });
    router.get('/api/probe/slow', async (c) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return c.text('late');
    });
    return router;
  },
};

async function probe(environment: TestEnvironment = {}): Promise<TestApp> {
  const app = await testApp(database, { name: 'probe', manifest, module }, { environment });
  apps.push(app);
  return app;
}

describe('problems', () => {
  it('are documents in the caller’s language with status, parameters, headers and the request’s id', async () => {
    const app = await probe();
    const response = await app.request('GET /api/probe/problem', {
      headers: { 'accept-language': 'ru-RU,ru;q=0.9', 'x-request-id': 'my-request-1' },
    });
    expect(response.status).toBe(429);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('content-language')).toBe('ru');
    expect(response.headers.get('retry-after')).toBe('60');
    expect(await response.json()).toEqual({
      type: 'urn:pandect:problem:daily-questions-used',
      title: 'Превышен дневной лимит запросов',
      status: 429,
      detail: 'Превышен дневной лимит запросов (10)',
      limit: 10,
      instance: 'urn:request:my-request-1',
    });
  });

  it('are in English when no language of ours is asked for', async () => {
    const app = await probe();
    for (const language of ['de', '', 'en-GB', 'ru;q=0']) {
      const { body } = await app.json('GET /api/probe/problem', { headers: { 'accept-language': language } });
      expect(body.title).toBe('Daily question limit reached');
    }
  });

  it('are written as the function says, those of the layers around its routes among them', async () => {
    const app = await testApp(database, {
      ...{ name: 'probe', manifest },
      module: {
        ...module,
        writeProblem: ({ type, status, headers }, { path, requestId }) => ({
          ...{ status, headers: { ...headers, 'content-type': 'text/plain' } },
          body: [type, path, requestId].join(' '),
        }),
      },
    });
    apps.push(app);
    for (const [call, options, ...expected] of [
      ['GET /api/probe/problem?of=it', {}, 429, 'daily-questions-used /api/probe/problem'],
      ['GET /api/probe/nothing', {}, 404, 'not-found /api/probe/nothing'],
      ['GET /api/probe/secret', {}, 500, 'internal /api/probe/secret'],
      [
        'POST /api/probe/echo',
        { json: {}, headers: { 'content-length': '2000' } },
        413,
        'payload-too-large /api/probe/echo',
      ],
      [
        'POST /api/probe/echo',
        { body: 'x', headers: { 'content-length': '1' } },
        415,
        'unsupported-media-type /api/probe/echo',
      ],
      ['GET /api/probe/slow', {}, 504, 'timeout /api/probe/slow'],
    ] as const) {
      const headers = { ...('headers' in options && options.headers), 'x-request-id': 'my-request-1' };
      const response = await app.request(call, { ...options, headers });
      expect([response.status, await response.text()]).toEqual([expected[0], `${expected[1]} my-request-1`]);
      expect(response.headers.get('content-type')).toBe('text/plain');
      expect(response.headers.get('x-request-id')).toBe('my-request-1');
    }
  });

  it('show nothing of what went wrong inside, and log it', async () => {
    const app = await probe();
    const { status, body } = await app.json('GET /api/probe/secret', { headers: { 'x-request-id': 'my-request-2' } });
    expect(status).toBe(500);
    expect(body).toMatchObject({ type: 'urn:pandect:problem:internal', instance: 'urn:request:my-request-2' });
    expect(JSON.stringify(body)).not.toMatch(/vault|Error|at /);
    const logged = app.log.find(({ level }) => level === 'error');
    expect(logged).toMatchObject({
      requestId: 'my-request-2',
      message: 'Request failed',
      problem: 'internal',
      error: { message: 'password of the vault is 1234' },
    });
  });

  it('never bring a user’s words into the log, not even those of a failed query', async () => {
    const app = await probe();
    const { status } = await app.json('GET /api/probe/query?words=Иванов%20И.%20И.');
    expect(status).toBe(500);
    expect(app.log.find(({ level }) => level === 'error')).toMatchObject({
      error: { message: 'Query failed', cause: { code: '22P02' } },
    });
    expect(JSON.stringify(app.log)).not.toContain('Иванов');
  });

  it('end a request that takes longer than its function allows', async () => {
    const app = await probe();
    const { status, body } = await app.json('GET /api/probe/slow');
    expect([status, body.type, body.detail]).toEqual([
      504,
      'urn:pandect:problem:timeout',
      'The request did not finish within 1 s',
    ]);
  });

  it.each(['GET /api/probe/nothing', 'DELETE /api/probe/echo', 'GET /elsewhere'] as const)(
    'say that %s is not there',
    async (call) => {
      const { status, body } = await (await probe()).json(call);
      expect([status, body.type]).toEqual([404, 'urn:pandect:problem:not-found']);
    },
  );
});

describe('bodies', () => {
  it('are taken as their schema says', async () => {
    const { status, body } = await (await probe()).json('POST /api/probe/echo', { json: { name: 'Анна' } });
    expect([status, body]).toEqual([200, { name: 'Анна' }]);
  });

  it('are checked as a whole, and every mistake is named with its place', async () => {
    const app = await probe();
    const { status, body } = await app.json('POST /api/probe/echo', { json: { name: '', count: 'two', extra: 1 } });
    expect(status).toBe(400);
    expect(body.type).toBe('urn:pandect:problem:invalid-request');
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['body.name', 'body.count', 'body']);
    expect(body.errors[2].message).toContain('extra');
  });

  it.each([
    ['broken', '{"name":'],
    ['empty', ''],
    ['not JSON at all', 'name=Anna'],
  ])('that are %s are told so', async (_, text) => {
    const app = await probe();
    const { status, body } = await app.json('POST /api/probe/echo', {
      body: text,
      headers: { 'content-type': 'application/json' },
    });
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:malformed-json']);
  });

  it.each(['null', '[]', '"text"', '1', '{"__proto__":{"name":"x"}}'])(
    'of the wrong shape are refused: %s',
    async (text) => {
      const app = await probe();
      const { status, body } = await app.json('POST /api/probe/echo', {
        body: text,
        headers: { 'content-type': 'application/json' },
      });
      expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
    },
  );

  it.each(['text/plain', 'application/xml', '', 'application/jsonp'])(
    'of the type "%s" are not taken',
    async (type) => {
      const app = await probe();
      const { status, body } = await app.json('POST /api/probe/echo', {
        body: '{"name":"Anna"}',
        headers: { 'content-type': type, 'content-length': '15' },
      });
      expect([status, body.type]).toEqual([415, 'urn:pandect:problem:unsupported-media-type']);
    },
  );

  it('that say they are too large are refused unread', async () => {
    const app = await probe();
    const { status, body } = await app.json('POST /api/probe/echo', {
      json: { name: 'x'.repeat(2000) },
      headers: { 'content-length': '2011' },
    });
    expect([status, body.type, body.limit]).toEqual([413, 'urn:pandect:problem:payload-too-large', 1000]);
  });

  it.each(['/api/probe/echo', '/api/probe/read'])('that turn out too large are refused at %s', async (path) => {
    const app = await probe();
    const pieces = Array.from({ length: 20 }, () => new TextEncoder().encode('x'.repeat(100)));
    const { status, body } = await app.json(
      `POST ${path}` as 'POST /',
      {
        body: ReadableStream.from(pieces),
        duplex: 'half',
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      } as object,
    );
    expect([status, body.type]).toEqual([413, 'urn:pandect:problem:payload-too-large']);
  });
});

describe('HEAD', () => {
  it('gets the headers of GET, and the body is let go of', async () => {
    const app = await probe();
    const response = await app.request('HEAD /api/probe/body?of=head');
    expect([response.status, response.headers.get('content-length'), response.body]).toEqual([200, '5', null]);
    expect(response.headers.get('x-request-id')).toBeTruthy();
    await app.request('GET /api/probe/body?of=get');
    expect(ended).toEqual(['head']);
  });

  it.each(['problem', 'nothing', 'items/1'])('is answered without a body at %s as well', async (path) => {
    const app = await probe();
    const head = await app.request(`HEAD /api/probe/${path}`);
    expect([head.status, await head.text()]).toEqual([(await app.request(`GET /api/probe/${path}`)).status, '']);
  });
});

describe('hosts', () => {
  it.each([
    [['*'], 'anything', true],
    [['api.example.org'], 'api.example.org', true],
    [['api.example.org'], 'API.example.org:8080', true],
    [['API.Example.org'], 'api.example.org', true],
    [['api.example.org'], 'evil.org', false],
    [['api.example.org'], 'api.example.org.evil.org', false],
    [['api.example.org'], undefined, false],
  ])('of the list %j allow "%s": %s', (allowed, host, expected) => {
    expect(hostAllowed(allowed, host)).toBe(expected);
  });

  it('that are not allowed get a problem and nothing else', async () => {
    const app = await probe({ ALLOWED_HOSTS: 'api.example.org' });
    const { status, body } = await app.json('POST /api/probe/echo', {
      json: { name: 'x' },
      headers: { host: 'evil.org' },
    });
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:host-not-allowed']);
    const allowed = await app.request('POST /api/probe/echo', {
      json: { name: 'x' },
      headers: { host: 'api.example.org' },
    });
    expect(allowed.status).toBe(200);
  });
});

describe('origins', () => {
  const page = 'https://app.example.org';
  const preflight = (origin: string) => ({
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });

  it('on the list may call from their pages', async () => {
    const app = await probe({ CORS_ORIGINS: `https://other.example.org,${page}` });
    const asked = await app.request('OPTIONS /api/probe/echo', preflight(page));
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(page);
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
    const answer = await app.request('POST /api/probe/echo', { json: { name: 'x' }, headers: { origin: page } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(page);
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
    expect(answer.headers.get('vary')).toContain('Origin');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('on the list can read problems as well', async () => {
    const app = await probe({ CORS_ORIGINS: page });
    const answer = await app.request('GET /api/probe/problem', { headers: { origin: page } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([429, page]);
  });

  it.each(['https://evil.org', 'null', `${page}.evil.org`, 'http://app.example.org'])(
    'such as %s get no permission',
    async (origin) => {
      const app = await probe({ CORS_ORIGINS: page });
      const asked = await app.request('OPTIONS /api/probe/echo', preflight(origin));
      expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('get no permission when there is no list', async () => {
    const asked = await (await probe()).request('OPTIONS /api/probe/echo', preflight(page));
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('rates', () => {
  it('are limited for each address, shown in headers, and start over for another one', async () => {
    const app = await probe({ RATE_LIMIT_API_RPS: '1', CACHE_PREFIX: crypto.randomUUID() });
    const connection = await app.boot.use(redis);
    await expect.poll(() => connection.status).toBe('ready');
    const from = (address: string) =>
      app.request('GET /api/probe/items/1', { headers: { 'x-forwarded-for': address } });
    const first = await from('10.0.0.1');
    expect(first.headers.get('ratelimit-policy')).toBe('"api";q=2;w=2');
    expect(first.headers.get('ratelimit')).toMatch(/^"api";r=1;t=\d+$/);
    // The edge puts the real address last; what a client sends before it gives no new allowance.
    const statuses = [];
    for (let n = 0; n < 8; n++) statuses.push((await from(`192.0.2.${n}, 10.0.0.1`)).status);
    expect(statuses).toContain(429);
    expect((await from('10.0.0.2')).status).toBe(200);
    const refused = await from('10.0.0.1').then(async (answer) => (answer.status === 429 ? answer : from('10.0.0.1')));
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ type: 'urn:pandect:problem:rate-limited', seconds: 1, policy: 'api' });
  });

  it.each([
    [
      'the client before a trusted proxy',
      (n: number) => `192.0.2.${n}, 203.0.113.5, 10.0.0.1`,
      '203.0.113.6, 10.0.0.1',
    ],
    ['all addresses of a client of IPv6', (n: number) => `2001:db8:0:5::${n}`, '2001:db8:0:6::1'],
    ['an address in either form', (n: number) => `${n % 2 ? '::ffff:' : ''}203.0.113.7`, '203.0.113.8'],
  ])('count %s as one', async (_, sent, other) => {
    const app = await probe({
      ...{ RATE_LIMIT_API_RPS: '1', CACHE_PREFIX: crypto.randomUUID(), TRUSTED_PROXIES: '10.0.0.0/8' },
    });
    const status = async (address: string) =>
      (await app.request('GET /api/probe/items/1', { headers: { 'x-forwarded-for': address } })).status;
    const statuses = [];
    for (let n = 0; n < 8; n++) statuses.push(await status(sent(n)));
    expect(statuses).toContain(429);
    expect(await status(other)).toBe(200);
  });

  it('are still limited while Redis is unavailable', async () => {
    const app = await probe({ RATE_LIMIT_API_RPS: '4', REDIS_URL: 'redis://localhost?path=/nowhere/redis.sock' });
    const statuses = [];
    for (let n = 0; n < 10; n++) statuses.push((await app.request('GET /api/probe/items/1')).status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });
});

describe('requests', () => {
  it('are logged with the network of their client, by the proxies that are trusted', async () => {
    const app = await probe({ TRUSTED_PROXIES: '10.0.0.0/8' });
    const path = 'GET /api/probe/items/1';
    for (const sent of ['192.0.2.1, 203.0.113.77, 10.0.0.1', '203.0.113.77, 2001:db8:5:6:7:8:9:a', undefined]) {
      await app.request(path, { ...(sent && { headers: { 'x-forwarded-for': sent } }) });
    }
    const clients = app.log.filter(({ message }) => message === 'Request').map(({ client }) => client);
    expect(clients).toEqual(['203.0.113.0/24', '2001:db8:5::/48', 'local']);
  });

  it('keep the id they bring when it has a decent form, and get one otherwise', async () => {
    const app = await probe();
    const idFor = async (sent?: string) => {
      const headers: Record<string, string> = sent === undefined ? {} : { 'x-request-id': sent };
      return (await app.request('GET /api/probe/items/1', { headers })).headers.get('x-request-id');
    };
    expect(await idFor('trace.me-12345678')).toBe('trace.me-12345678');
    for (const sent of [undefined, 'short', 'with spaces in it', 'x'.repeat(129), '{"a":"bcdefgh"}']) {
      expect(await idFor(sent)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('are logged and counted by the pattern of their route, never by their path', async () => {
    const app = await probe();
    await app.request('GET /api/probe/items/secret-item?token=secret-token');
    await app.request('GET /api/probe/secret-unknown');
    expect(app.log.filter(({ message }) => message === 'Request')).toMatchObject([
      { method: 'GET', endpoint: '/api/probe/items/{id}', status: 200 },
      { method: 'GET', endpoint: 'unmatched', status: 404 },
    ]);
    const figures = await app.boot.metrics.expose();
    expect(figures).toContain('http_requests_total{method="GET",endpoint="/api/probe/items/{id}",status="200"} 1');
    expect(figures + JSON.stringify(app.log)).not.toMatch(/secret/);
  });
});
