import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importPKCS8, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Operation, readApi } from './support/api-description.ts';
import { type Account, createAccount, type Document, form, type ProblemBody, send } from './support/client.ts';
import { readEvents } from './support/events.ts';
import { linesWith, readLogs } from './support/logs.ts';
import { leaveEarly, rawRequest } from './support/raw-request.ts';
import { sharedPlatform } from './support/shared-platform.ts';
import { until } from './support/until.ts';

const platform = sharedPlatform();
const { url } = platform;
const { operations } = await readApi(url);
const samples = process.env.PANDECT_SAMPLES_DIR;
/** In everything that a person writes here; it must not come up in any log. */
const marker = `zyxw${crypto.randomUUID().replaceAll('-', '')}`;

let account: Account;
let documentId: string;

beforeAll(async () => {
  account = await createAccount(platform, { email: `${marker}@example.org` });
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

const secured = operations.filter(({ security }) => security);
const takingJson = operations.filter(({ takesJson }) => takesJson);
const named = (list: Operation[]) => list.map((operation) => [operation.key, operation] as const);

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
    for (const operation of takingJson)
      await expectProblem(account.send(call(operation, documentId), { body, headers }), 400, 413, 415);
  });

  it('with NUL in every text are a problem, or are taken as they are', async () => {
    const text = `a\0b ${marker}`;
    const bodies = {
      '/api/ask': { question: text },
      '/api/search': { query: text },
      '/api/organization': { name: text },
      '/api/auth/register': {
        email: `${crypto.randomUUID()}@example.org`,
        password: `long ${text}`,
        organization: text,
      },
      '/api/auth/login': { email: `a\0b@example.org`, password: text },
      '/api/auth/refresh': { refreshToken: text },
      '/api/auth/logout': { refreshToken: text },
    };
    for (const operation of takingJson) {
      const json = bodies[operation.path as keyof typeof bodies];
      expect(json, operation.key).toBeDefined();
      const response = await account.send(call(operation), { json });
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

describe('uploads', () => {
  const pdf = '%PDF-1.7\n1 0 obj\n<< /Type /Catalog';
  const files: [string, string, string | Uint8Array<ArrayBuffer>][] = [
    ['an empty file', 'empty.txt', ''],
    ['a kind that is not read', 'program.exe', 'MZ'],
    ['a program that is named like a text', 'program.txt', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 0, 0])],
    ['a PDF that is none', 'none.pdf', 'This is no PDF at all.'],
    ['an archive that is no DOCX', 'none.docx', 'PK\u0003\u0004 and nothing'],
    ['a PDF that breaks off', 'half.pdf', pdf],
    ['a PDF that is named like a text', 'really.txt', pdf],
  ];

  it.each(files)('of %s are refused, or end as failed with a reason', async (_, name, content) => {
    const response = await account.send('POST /api/documents', { body: form(name, content) });
    if (response.status !== 202) {
      await expectProblem(response, 400, 415);
      return;
    }
    const { id } = (await response.json()) as Document;
    const last = (await account.follow(id)).at(-1);
    expect(last).toMatchObject({
      status: 'failed',
      failure: { code: expect.stringMatching(/^(damaged|wrong-content|no-text)$/) },
    });
    expect(last?.failure?.message).toBeTruthy();
  });

  it.each([
    ['no file field', '--x\r\nContent-Disposition: form-data; name="other"\r\n\r\ntext\r\n--x--\r\n'],
    ['no end', '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\ntext'],
    [
      'another boundary',
      '--y\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\ntext\r\n--y--\r\n',
    ],
    [
      'two files',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\na\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="b.txt"\r\n\r\nb\r\n--x--\r\n',
    ],
    ['no content', ''],
    [
      'endless headers',
      `--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nX: ${'y'.repeat(200_000)}`,
    ],
  ])('of a form with %s are refused', async (_, body) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    await expectProblem(account.send('POST /api/documents', { body, headers }), 400, 415);
  });

  it('of another content type, or with a boundary that is none, are refused', async () => {
    for (const type of [
      'application/json',
      'text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/mixed; boundary=x',
    ]) {
      await expectProblem(
        account.send('POST /api/documents', { body: 'x', headers: { 'content-type': type } }),
        400,
        415,
      );
    }
  });

  it('are never stored under the name that they came with', async () => {
    const names = samples ? await hostileNames(samples) : ownNames;
    if (!samples) process.stdout.write(`PANDECT_SAMPLES_DIR is not set: ${names.length} hostile names of our own\n`);
    for (const [index, name] of names.entries()) {
      const response = await account.send('POST /api/documents', rawForm(name, `Text ${index} under a hostile name.`));
      expect(response.status, `${name} ${await response.clone().text()}`).toBeLessThan(500);
      if (response.status !== 202) {
        await expectProblem(response, 400, 415);
        continue;
      }
      const { id } = (await response.json()) as Document;
      const { fileName } = await account.get<Document>(`GET /api/documents/${id}`);
      expect(fileName, name).not.toMatch(/[/\\]|\p{Cc}/u);
      const content = await account.send(`GET /api/documents/${id}/content`);
      expect(content.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''[\w.!~*'()%-]*$/);
      await content.arrayBuffer();
      expect((await account.send(`DELETE /api/documents/${id}`)).status).toBe(204);
    }
  });
});

describe('tokens', () => {
  const tokens: [string, () => Promise<string>][] = [
    ['none', async () => ''],
    ['text', async () => 'text'],
    ['a signature that is gone', async () => account.session.accessToken.replace(/[^.]*$/, '')],
    ['another payload under the old signature', async () => swapPayload({ role: 'owner', org: crypto.randomUUID() })],
    ['alg none', async () => unsigned({ alg: 'none' })],
    ['the public key as a shared secret', async () => confusedAlgorithm()],
    ['another key', async () => signed({}, await otherKey())],
    ['a time that is over', async () => signed({ exp: seconds() - 10 })],
    ['no time of its end', async () => signed({ exp: undefined })],
    ['a time that has not come', async () => signed({ nbf: seconds() + 600 })],
    ['another audience', async () => signed({ aud: 'somebody-else' })],
    ['another issuer', async () => signed({ iss: 'somebody-else' })],
    ['no organization', async () => signed({ org: undefined })],
    ['a role that is none', async () => signed({ role: 'root' })],
    ['10 KB', async () => 'x'.repeat(10_000)],
  ];

  it('are accepted when they are made as here and nothing is wrong with them', async () => {
    expect((await as(await signed({}))).status).toBe(200);
  });

  it.each(tokens)('are refused with %s', async (_, make) => {
    const token = await make();
    for (const path of new Set(secured.map((operation) => operation.path))) {
      const operation = secured.find((candidate) => candidate.path === path) as Operation;
      await expectProblem(
        send(url, call(operation, documentId), { headers: { authorization: `Bearer ${token}` } }),
        401,
      );
    }
  });

  it.each(['Basic abc', 'bearer', 'Bearer', 'Token abc', 'Bearer  '])(
    'are not taken from the header %j',
    async (authorization) => {
      await expectProblem(send(url, 'GET /api/documents', { headers: { authorization } }), 401);
    },
  );

  it('are not taken from the address', async () => {
    await expectProblem(send(url, `GET /api/documents?access_token=${account.session.accessToken}`), 400, 401);
  });

  it('for renewal work once, and using one again ends the whole session', async () => {
    const other = await createAccount(platform, { tier: 'demo' });
    const renew = (refreshToken: string) => send(url, 'POST /api/auth/refresh', { json: { refreshToken } });
    const next = await (await renew(other.session.refreshToken)).json();
    await expectProblem(renew(other.session.refreshToken), 401);
    await expectProblem(renew(next.refreshToken), 401);
    await expectProblem(renew(other.session.accessToken), 400, 401);
  });

  const seconds = () => Math.floor(Date.now() / 1000);
  const as = (token: string) => send(url, 'GET /api/documents', { headers: { authorization: `Bearer ${token}` } });
  const part = (index: number) =>
    JSON.parse(Buffer.from(account.session.accessToken.split('.')[index] as string, 'base64url').toString());
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const ownKey = () => readFile(join(platform.home, 'keys', 'jwt-private.pem'), 'utf8');
  const otherKey = async () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;

  async function signed(changes: Record<string, unknown>, key?: string): Promise<string> {
    const payload = JSON.parse(JSON.stringify({ ...part(1), ...changes })) as JWTPayload;
    return new SignJWT(payload).setProtectedHeader(part(0)).sign(await importPKCS8(key ?? (await ownKey()), 'RS256'));
  }
  function swapPayload(changes: object): string {
    const [header, , signature] = account.session.accessToken.split('.');
    return [header, encode({ ...part(1), ...changes }), signature].join('.');
  }
  const unsigned = (header: object) => [encode({ ...part(0), ...header }), encode(part(1)), ''].join('.');
  async function confusedAlgorithm(): Promise<string> {
    const secret = await readFile(join(platform.home, 'keys', 'jwt-public.pem'), 'utf8');
    const content = [encode({ ...part(0), alg: 'HS256' }), encode(part(1))].join('.');
    return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
  }
});

describe("another organization's ids", () => {
  let other: Account;
  let theirConversation: string;
  beforeAll(async () => {
    other = await createAccount(platform, { tier: 'demo' });
    theirConversation = (await account.ask(`How high is the ${marker}?`)).conversationId;
  });

  it.each(named(secured.filter(({ path }) => path.includes('{id}'))))(
    'look in %s exactly like ids that are missing',
    async (_, operation) => {
      const theirs = operation.path.includes('conversations') ? theirConversation : documentId;
      const answers = await Promise.all(
        [theirs, crypto.randomUUID()].map(async (id) => {
          const response = await other.send(call(operation, id));
          const { instance: _, ...body } = (await response.json()) as ProblemBody & { instance: string };
          const { 'x-request-id': __, date: ___, ratelimit: ____, ...headers } = Object.fromEntries(response.headers);
          return { status: response.status, body, headers };
        }),
      );
      expect(answers[0]?.status).toBe(404);
      expect(answers[0]).toEqual(answers[1]);
    },
  );

  it('give nothing away in the body of a question or a search', async () => {
    await expectProblem(
      other.send('POST /api/ask', { json: { question: marker, conversationId: theirConversation } }),
      404,
    );
    for (const [path, json] of [
      ['/api/ask', { question: marker }],
      ['/api/search', { query: marker }],
    ] as const) {
      const response = await other.send(`POST ${path}`, { json: { ...json, documentIds: [documentId] } });
      expect(await response.text()).not.toContain('500 euros');
    }
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
    const answer = await rawRequest(url, `${head}\r\nConnection: close\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`, 2_000);
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
    expect(answer).toMatch(/^HTTP\/1\.1 (30[18]|40[014]) /);
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
    await account.send('GET /api/limits', { headers: { 'x-request-id': last } });
    await until('the log', async () => ((await linesWith(platform, last)).length > 0 ? true : undefined));
    expect(await linesWith(platform, 'Request failed')).toEqual([]);
    expect(await linesWith(platform, 'Answer broke off')).toEqual([]);
    expect(await linesWith(platform, '"level":"fatal"')).toEqual([]);
  });

  it('the logs hold nothing that a person wrote', async () => {
    expect([...(await readLogs(platform)).keys()]).toEqual(
      expect.arrayContaining(['ask.log', 'caddy.log', 'ingest.log', 'postgres.log']),
    );
    expect(await linesWith(platform, marker)).toEqual([]);
    expect(await linesWith(platform, account.session.accessToken)).toEqual([]);
    expect(await linesWith(platform, account.password)).toEqual([]);
  });
});

const call = ({ method, path }: Operation, id = '') =>
  `${method.toUpperCase()} ${path.replace('{id}', id)}` as `${string} /${string}`;

async function expectProblem(sent: Promise<Response> | Response, ...wanted: number[]): Promise<void> {
  const response = await sent;
  const text = await response.text();
  expect(wanted, `${response.url}: ${response.status} ${text.slice(0, 300)}`).toContain(response.status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({
    type: expect.stringMatching(/^urn:pandect:problem:/),
    status: response.status,
  });
}

async function hostileNames(folder: string): Promise<string[]> {
  const lines = (await readFile(join(folder, 'names.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { name: string }).name);
}

const ownNames = [
  '../../../etc/cron.d/x.txt',
  '..\\..\\x.txt',
  '/etc/x.txt',
  'a\0b.txt',
  '.txt',
  'a"b.txt',
  'a;b`c`$(d).txt',
  '<img src=x>.txt',
  `${'я'.repeat(300)}.txt`,
  '\u202etxt.txt',
];

/** A form whose file name is sent as it is; `FormData` would escape some of it. */
function rawForm(name: string, text: string) {
  const body = Buffer.concat([
    Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="'),
    Buffer.from(name.replaceAll('"', '%22').replaceAll(/[\r\n]/g, ' ')),
    Buffer.from(`"\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--x--\r\n`),
  ]);
  return { body, headers: { 'content-type': 'multipart/form-data; boundary=x' } };
}
