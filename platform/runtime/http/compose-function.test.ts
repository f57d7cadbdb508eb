import { describe, expect, it } from 'vitest';
import { redis } from '../providers/redis.ts';
import { hostAllowed } from './compose-function.ts';
import { ended, probes } from './probe.fixture.ts';

const probe = await probes();

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
    for (const name of ['authorization', 'last-event-id']) {
      expect(asked.headers.get('access-control-allow-headers')).toContain(name);
    }
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

  it('name the organization in the log when they met a limit', async () => {
    const app = await probe();
    await app.request('GET /api/probe/limit-of/organization-1');
    await app.request('GET /api/probe/problem');
    await app.request('GET /api/probe/items/1');
    const named = app.log.filter(({ message }) => message === 'Request').map(({ organizationId }) => organizationId);
    expect(named).toEqual(['organization-1', undefined, undefined]);
    const reason = 'daily-questions-used';
    expect(app.log.filter(({ message }) => message === 'Limit reached')).toMatchObject([
      { reason, organizationId: 'organization-1' },
      { reason },
    ]);
  });
});
