import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../platform/supervisor/control/contract.ts';
import { copyCheckout } from '../support/checkout-copy.ts';
import { chromium, renderPage } from '../support/chromium.ts';
import { createAccount, type ProblemBody, send } from '../support/http/client.ts';
import { linesWith } from '../support/logs.ts';
import { readMetrics, sumOf } from '../support/metrics.ts';
import { pandect, pandectJson, startTestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

// One of its own: it counts requests and kills processes.
const copy = await copyCheckout({
  units: ['ask', 'auth', 'conversations', 'documents', 'health', 'ingest', 'maintenance', 'notify', 'usage'],
});
const platform = await startTestPlatform({ root: copy.root });
const { url } = platform;
afterAll(() => platform.stop().finally(copy.remove));
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describe('what the edge adds to every answer', () => {
  it.each(['/health', '/api/openapi.json', '/api/docs/', '/api/documents', '/nothing'])(
    'sends the security headers with %s',
    async (path) => {
      const { headers } = await send(url, `GET ${path as '/'}`);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers.get('server')).toBeNull();
    },
  );

  it.each([
    ['gzip', gunzipSync],
    ['zstd', zstdDecompressSync],
  ])('compresses with %s where that is accepted', async (encoding, unpack) => {
    const { headers, body } = await raw('/api/openapi.json', { 'accept-encoding': encoding });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary?.toLowerCase()).toContain('accept-encoding');
    const plain = await raw('/api/openapi.json', { 'accept-encoding': 'identity' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(unpack(body)).toEqual(plain.body);
    expect(body.length).toBeLessThan(plain.body.length / 3);
  });

  it('compresses what functions answer, and problems', async () => {
    const account = await createAccount(platform, { tier: 'demo' });
    await account.add('long.txt', 'The same words again and again. '.repeat(500));
    const { items } = await account.get<{ items: { id: string }[] }>('GET /api/documents');
    const authorization = `Bearer ${account.session.accessToken}`;
    const text = await raw(`/api/documents/${items[0]?.id}/text`, { authorization, 'accept-encoding': 'gzip' });
    expect(text.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(text.body).toString()).toContain('again and again');
  });
});

describe('addresses that lead nowhere', () => {
  it.each([
    ['en', '/nothing', 'Not found'],
    ['ru', '/nothing', 'Не найдено'],
    ['en-GB, ru;q=0.5', '/api/nothing', 'Not found'],
    ['ru-RU, en;q=0.5', '/api/nothing', 'Не найдено'],
    ['ru', '/api/documents/nothing/at/all', 'Требуется вход'],
    ['ru', '/api/docs/nothing', 'Не найдено'],
    ['ru', '/_pandect/metrics', 'Не найдено'],
    ['ru', '/_pandect/ready', 'Не найдено'],
  ])('answers %s at %s with a problem', async (language, path, title) => {
    const response = await send(url, `GET ${path as '/'}`, { headers: { 'accept-language': language } });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ title, status: response.status });
    expect(response.status).toBe(title === 'Требуется вход' ? 401 : 404);
  });

  it('leads from the root to the API page', async () => {
    const response = await fetch(url, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/api/docs/']);
  });
});

describe('health and figures', () => {
  it('answers whether it lives and whether it is ready', async () => {
    expect(await (await send(url, 'GET /health')).json()).toEqual({ status: 'healthy' });
    expect((await send(url, 'GET /ready')).status).toBe(200);
    const health = await (await send(url, 'GET /api/health')).json();
    expect(health).toMatchObject({ status: 'healthy', version: expect.any(String), timestamp: expect.any(String) });
    expect(Object.keys(health.checks).toSorted()).toEqual([
      'ai',
      'database',
      'disk',
      'files',
      'index',
      'memory',
      'redis',
      'storage',
      'vectors',
    ]);
  });

  it('does not log probes that succeed', async () => {
    const marker = `probe-${crypto.randomUUID()}`;
    for (const path of ['/health', '/ready'] as const)
      await send(url, `GET ${path}`, { headers: { 'x-request-id': marker } });
    await send(url, 'GET /api/health', { headers: { 'x-request-id': `other-${marker}` } });
    await until('the log', async () => ((await linesWith(platform, `other-${marker}`)).length > 0 ? true : undefined));
    expect(await linesWith(platform, `"${marker}`)).toEqual([]);
  });

  it('adds the figures of all processes up, also of those that have ended', async () => {
    const before = await readMetrics(url);
    const account = await createAccount(platform);
    await account.add('fees.txt', 'Article 1. The fee is 12 euros.');
    await account.ask('How high is the fee?');
    const limits = { method: 'GET', endpoint: '/api/limits', status: '200' };
    for (let index = 0; index < 3; index++) await account.get('GET /api/limits');
    expect((await pandect(platform, 'restart', 'usage')).status).toBe(0);
    for (let index = 0; index < 2; index++) await account.get('GET /api/limits');

    const after = await readMetrics(url);
    const grown = (name: string, labels = {}) => sumOf(after, name, labels) - sumOf(before, name, labels);
    expect(grown('http_requests_total', limits)).toBe(5);
    expect(grown('http_request_duration_seconds_count', { endpoint: '/api/limits' })).toBe(5);
    expect(grown('http_requests_total', { endpoint: '/api/auth/register', status: '201' })).toBe(1);
    expect(grown('ai_requests_total')).toBe(1);
    expect(grown('openai_tokens_total')).toBeGreaterThan(0);
    expect(sumOf(after, 'active_users_total')).toBeGreaterThanOrEqual(1);
    expect(after.find(({ name }) => name === 'ai_requests_total')?.labels).toHaveProperty('organization');
    expect(after.find(({ name }) => name === 'openai_tokens_total')?.labels).toHaveProperty('model');
    expect(sumOf(after, 'pandect_instances', { unit: 'ask' })).toBe(1);
  });

  it('counts what the edge answers itself', async () => {
    const before = await readMetrics(url);
    for (let n = 0; n < 3; n++) expect((await send(url, `GET /nothing/${crypto.randomUUID()}`)).status).toBe(404);
    const grown = (series: typeof before, labels = {}) => sumOf(series, 'pandect_edge_responses_total', labels);
    await expect
      .poll(async () => grown(await readMetrics(url), { endpoint: 'unmatched', status: '404', method: 'GET' }))
      .toBe(grown(before) + 3);
  });

  it('labels requests with the pattern of their route, never with what somebody sent', async () => {
    const account = await createAccount(platform, { tier: 'demo' });
    const id = crypto.randomUUID();
    for (const path of [
      `/api/documents/${id}`,
      '/api/documents/secret-word/x',
      '/api/limits/secret-word',
      '/health/secret-word',
    ] as const) {
      await account.send(`GET ${path}`);
      await account.send(`PROPFIND ${path}`);
    }
    const { paths } = await (await send(url, 'GET /api/openapi.json')).json();
    const endpoints = new Set((await readMetrics(url)).flatMap(({ labels }) => labels.endpoint ?? []));
    // Commands of the operator have no address here, and stand in no description.
    const isKnown = (endpoint: string) => endpoint in paths || /^\/operator(\/[a-z-]+)+$/.test(endpoint);
    expect([...endpoints].filter((endpoint) => !isKnown(endpoint) && endpoint !== 'unmatched')).toEqual([]);
  });

  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto'])(
    'does not show the figures to a proxy on this machine, which sends %s',
    async (name) => {
      const headers = { [name]: '127.0.0.1', 'x-pandect-direct': 'yes' };
      const response = await send(url, 'GET /metrics', { headers });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ type: 'urn:pandect:problem:not-found' });
    },
  );

  it.skipIf(!outside)('shows the figures to this machine only', async () => {
    const other = `http://${outside}:${new URL(url).port}`;
    expect((await send(other, 'GET /health')).status).toBe(200);
    expect((await send(other, 'GET /metrics')).status).toBe(404);
    expect((await send(other, 'GET /metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(404);
    expect((await send(other, 'GET /metrics', { headers: { 'x-pandect-direct': 'yes' } })).status).toBe(404);
  });
});

describe('a function that is down', () => {
  it('is a problem that says when to try again, in both languages, and is over with the function back', async () => {
    const account = await createAccount(platform, { tier: 'demo' });
    const { value: rows } = await pandectJson<ProcessRow[]>(platform, 'ps');
    process.kill(platform.pid, 'SIGSTOP'); // or the function would be back at once
    try {
      const running = rows.filter(({ name, pid }) => name === 'conversations' && pid > 0);
      for (const { pid } of running) process.kill(pid, 'SIGKILL');
      const answers = await Promise.all(
        ['ru', 'en'].map((language) =>
          account.send('GET /api/conversations', { headers: { 'accept-language': language } }),
        ),
      );
      for (const response of answers) {
        expect(response.status).toBe(503);
        expect(response.headers.get('content-type')).toBe('application/problem+json');
        expect(response.headers.get('retry-after')).toBe('2');
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      }
      const titles = await Promise.all(answers.map(async (response) => ((await response.json()) as ProblemBody).title));
      expect(titles).toEqual(['Временно недоступно', 'Temporarily unavailable']);
      expect((await account.send('GET /api/limits')).status, 'the others go on').toBe(200);
    } finally {
      process.kill(platform.pid, 'SIGCONT');
    }
    await until('the function', async () =>
      (await account.send('GET /api/conversations')).status === 200 ? true : undefined,
    );
  });
});

describe('the API page', () => {
  it('is served with everything it needs from here', async () => {
    const page = await (await send(url, 'GET /api/docs/')).text();
    const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path as string);
    expect(assets.length).toBeGreaterThan(2);
    for (const path of assets) {
      expect(path).not.toMatch(/^(https?:)?\/\//);
      expect((await send(url, `GET /api/docs/${path}`)).status, path).toBe(200);
    }
  });

  it.skipIf(!chromium)('shows the operations in a browser, its own rules notwithstanding', async () => {
    const page = await renderPage(`${url}/api/docs/`);
    expect(page).toContain('Ask a question about your documents');
    expect(page).toContain('/api/documents/{id}/events');
  });
});

/** `fetch` unpacks by itself. */
function raw(path: string, headers: Record<string, string>) {
  return new Promise<{ headers: Record<string, string | undefined>; body: Buffer }>((resolve, reject) => {
    request(url + path, { headers, agent: false, timeout: 10_000 }, async (response) => {
      const parts = await Array.fromAsync(response as AsyncIterable<Buffer>).catch(reject);
      resolve({ headers: response.headers as Record<string, string>, body: Buffer.concat(parts ?? []) });
    })
      .on('error', reject)
      .end();
  });
}
