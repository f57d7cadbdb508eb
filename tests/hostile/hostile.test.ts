import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, bodyWith, readApi } from '../support/http/api-description.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { readEvents } from '../support/http/events.ts';
import { expectClientError, expectProblem } from '../support/http/problems.ts';
import { leaveEarly, rawRequest } from '../support/http/raw-request.ts';
import { linesWith, readLogs } from '../support/logs.ts';
import { makeAdministrator } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { until } from '../support/until.ts';

const platform = await sharedPlatform();
const { url } = platform;
const { document, operations } = await readApi(url);
/** In everything that a person writes here; it must not come up in any log. */
const marker = `zyxw${crypto.randomUUID().replaceAll('-', '')}`;

let account: Account;
let documentId: string;

beforeAll(async () => {
  account = await createAccount(platform, { email: `${marker}@example.org` });
  // What an administrator sends is no better.
  await makeAdministrator(platform, account);
  documentId = await account.add(`${marker}.txt`, `Article 1. The ${marker} is 500 euros.`);
});

afterAll(async () => {
  // Whatever was sent, all functions still answer.
  for (const path of [
    '/api/documents',
    '/api/limits',
    '/api/organization',
    '/api/conversations',
    '/api/usage',
  ] as const) {
    expect((await account.send(`GET ${path}`)).status).toBe(200);
  }
});

const takingJson = operations.filter(({ takesJson }) => takesJson);

describe('bodies', () => {
  const bodies: [string, string | Buffer<ArrayBuffer>, Record<string, string>][] = [
    ['nothing at all', '', {}],
    ['broken JSON', '{"question": "', { 'content-type': 'application/json' }],
    ['JSON that is deep', '['.repeat(50_000), { 'content-type': 'application/json' }],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80]), { 'content-type': 'application/json' }],
    ['10 MB of JSON', JSON.stringify({ question: 'x'.repeat(10_000_000) }), { 'content-type': 'application/json' }],
    ['XML', '<question/>', { 'content-type': 'application/xml' }],
    ['a form', 'question=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no type', Buffer.from('{}'), {}],
    ['another charset', '{}', { 'content-type': 'application/json; charset=utf-16' }],
    ['a prototype', '{"__proto__": {"admin": true}, "constructor": 1}', { 'content-type': 'application/json' }],
    [
      'wrong types',
      '{"question": {"$gt": ""}, "query": [], "email": 5, "name": true}',
      { 'content-type': 'application/json' },
    ],
    ['a packed body', Buffer.from([0x1f, 0x8b, 8]), { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ];

  it.each(bodies)('are refused in every operation that takes JSON: %s', async (_, body, headers) => {
    for (const operation of takingJson) {
      const response = await account.send(addressOf(operation, documentId), { body, headers });
      if (operation.path.startsWith('/v1/')) await expectClientError(response, 400, 413, 415);
      // 422: a budget, whose clients know it from other gateways.
      else if (operation.key === 'PUT /api/gateway/budgets') await expectProblem(response, 400, 413, 415, 422);
      else await expectProblem(response, 400, 413, 415);
    }
  });

  it('with NUL in every text are a problem, or are taken as they are', async () => {
    for (const operation of takingJson) {
      const json = bodyWith(`a\0b ${marker} long enough`, operation, document);
      expect(JSON.stringify(json)).toMatch(/\{"/);
      const response = await account.send(addressOf(operation, crypto.randomUUID()), { json });
      expect(response.status, `${operation.key} ${await response.text()}`).toBeLessThan(500);
    }
  });

  it('with lone surrogates and strange characters are a problem, or are taken as they are', async () => {
    for (const text of [
      `\ud800 ${marker}`,
      '\u202e',
      '\u0000',
      "'; drop table documents; --",
      '{{7*7}}',
      '%00%0a%0d',
      '💥'.repeat(1000),
      '*:*',
      '"',
      '^ AND NEAR(',
      '\\',
    ]) {
      for (const [path, json] of [
        ['/api/search', { query: text }],
        ['/api/ask', { question: text }],
      ] as const) {
        const response = await account.send(`POST ${path}`, { json });
        expect(response.status, `${path} ${JSON.stringify(text)} ${await response.text()}`).toBeLessThan(500);
      }
    }
  });

  it('of an unknown length that grow too large are refused', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('"'.repeat(16_384))),
    });
    await expectProblem(
      account.send('POST /api/search', { body: endless, headers: { 'content-type': 'application/json' } }),
      413,
    );
  });
});

describe('requests that are none', () => {
  it.each([
    ['a huge header', `GET /api/documents HTTP/1.1\r\nHost: localhost\r\nX-Huge: ${'x'.repeat(2_000_000)}\r\n\r\n`],
    ['many headers', `GET /api/documents HTTP/1.1\r\nHost: localhost\r\n${'X-Many: y\r\n'.repeat(50_000)}\r\n`],
    ['a huge address', `GET /api/documents?${'x'.repeat(1_500_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['no HTTP', 'hello\r\n\r\n'],
    ['two lengths', 'POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}'],
    [
      'length and chunks',
      'POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n',
    ],
    [
      'a line break in the address',
      'GET /api/%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    ],
  ])('with %s end in a refusal', async (_, bytes) => {
    const answer = await rawRequest(url, bytes, 2_000);
    expect(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer), answer.slice(0, 200)).toBe(true);
    expect(answer).not.toContain('Set-Cookie');
  });

  it('with a broken chunk end in a refusal, or as if the function were away', async () => {
    const head =
      'POST /api/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked';
    // Of a host: a balancer ends it by itself.
    const answer = await rawRequest(
      platform.hostUrl,
      `${head}\r\nConnection: close\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`,
      2_000,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 (4\d\d|503) /);
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
  });

  it.each(['PROPFIND', 'PUT', 'TRACE', 'PATCH', 'DELETE', 'SEARCH'])(
    'with the method %s are refused',
    async (method) => {
      const answer = await rawRequest(
        url,
        `${method} /api/search HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 40[145] /);
      expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    },
  );

  it.each([
    '/api/documents/%00',
    '/api/documents/..%2f..%2fetc%2fpasswd',
    '/api/documents/%ff%fe',
    '/api/docs/..%2f..%2fcontrol.sock',
    '/api/docs/../../control.sock',
    '//api//documents',
    '/api/documents/%',
    '/api/openapi.json/../routes.caddy',
  ])('at %s find nothing', async (path) => {
    const answer = await rawRequest(
      url,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${account.session.accessToken}\r\nConnection: close\r\n\r\n`,
    );
    // What is outside of the API is a page of the app.
    expect(answer).toMatch(/^HTTP\/1\.1 (?:(?:30[18]|40[014]) |200 OK\r\n[\s\S]*\r\nContent-Type: text\/html)/);
    expect(answer).not.toContain('root:');
    expect(answer).not.toContain('reverse_proxy');
  });

  it.each([
    '?limit=0',
    '?limit=1e9',
    '?limit=x',
    '?cursor=x',
    '?cursor=eyJhIjoxfQ',
    '?status=none',
    '?unknown=1',
    '?limit=1&limit=2',
  ])('with the query %s are refused', async (query) => {
    await expectProblem(account.send(`GET /api/documents${query}`), 400);
  });

  it('with a request id that is none get one of our own', async () => {
    for (const sent of ['x', 'a b c d e f g', '<script>alert(1)</script>', 'x'.repeat(200)]) {
      const response = await send(url, 'GET /api/health', { headers: { 'x-request-id': sent } });
      expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    }
  });
});

describe('clients that leave', () => {
  it('in the middle of a request or of an answer leave nothing behind', async () => {
    const head = (path: string, length: number) =>
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${account.session.accessToken}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    const question = JSON.stringify({ question: `${marker}?`, stream: true });
    await Promise.all([
      ...Array.from({ length: 10 }, () => leaveEarly(url, `${head('/api/ask', 100)}{"quest`)),
      ...Array.from({ length: 10 }, (_, index) =>
        leaveEarly(url, head('/api/ask', question.length) + question, index * 3),
      ),
    ]);
  });

  it('in the middle of a stream end it', async () => {
    for (let round = 0; round < 5; round++) {
      const leaving = new AbortController();
      const json = { question: `What is the ${marker} of round ${round}?`, stream: true };
      const events = readEvents(await account.send('POST /api/ask', { json, signal: leaving.signal }));
      expect((await events.next()).value).toMatchObject({ event: 'passages' });
      leaving.abort();
      await expect(Array.fromAsync(events)).rejects.toThrow();
    }
  });
});

describe('afterwards', () => {
  it('the logs tell of no failure of ours', async () => {
    // The last requests are written within moments.
    const last = `last-${crypto.randomUUID()}`;
    await send(platform.hostUrl, 'GET /api/limits', { headers: { 'x-request-id': last } });
    await until('the log', async () => ((await linesWith(platform, last)).length > 0 ? true : undefined));
    expect(await linesWith(platform, 'Request failed')).toEqual([]);
    // One whose client left is none of ours.
    const broken = await linesWith(platform, 'Answer broke off');
    expect(broken.filter((line) => !line.includes('"level":"info"'))).toEqual([]);
    expect(await linesWith(platform, '"level":"fatal"')).toEqual([]);
  });

  it('the logs hold nothing that a person wrote', async () => {
    // Several hosts share a PostgreSQL that none of them has started.
    const ofServers = platform.hostUrl === url ? ['postgres.log'] : [];
    expect([...(await readLogs(platform)).keys()]).toEqual(
      expect.arrayContaining(['ask.log', 'caddy.log', 'ingest.log', ...ofServers]),
    );
    expect(await linesWith(platform, marker)).toEqual([]);
    expect(await linesWith(platform, account.session.accessToken)).toEqual([]);
    expect(await linesWith(platform, account.password)).toEqual([]);
  });
});
