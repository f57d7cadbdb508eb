import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse } from '../../../modules/testing/upstream-server.ts';
import { rawRequest } from '../../../tests/support/http/raw-request.ts';
import { chunks, serveGateway } from '../gateway.fixture.ts';
import { type CaseScene, caseScenes, environmentOf, hello } from './case-scene.fixture.ts';

const { database, scene } = await caseScenes();
const path = '/v1/chat/completions';
const body = JSON.stringify(hello);

const headOf = ({ gateway, key }: CaseScene, ...lines: string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(gateway.url).host}`,
    `Authorization: Bearer ${key.token}`,
    'Content-Type: application/json',
    'Connection: close',
    ...lines,
    '',
    '',
  ].join('\r\n');
const chunkOf = (text: string, extension = '') => `${text.length.toString(16)}${extension}\r\n${text}\r\n`;
/** The connection ends with the answer; a busy machine may be silent for long. */
const send = (url: string, bytes: string) => rawRequest(url, bytes, 25_000);
const statusOf = (answer: string) => Number(answer.slice(9, 12));

describe('a request in chunks', () => {
  it.each([
    ['of one byte each', `${[...body].map((byte) => chunkOf(byte)).join('')}0\r\n\r\n`, 200],
    ['with extensions and a trailer', `${chunkOf(body, ';name="x"')}0\r\nX-Key: sk-1\r\n\r\n`, 200],
    ['with a size that is none', `zz\r\n${body}\r\n0\r\n\r\n`, 400],
    ['with a size below zero', `-5\r\n${body}\r\n0\r\n\r\n`, 400],
    ['longer than they say', `5\r\n${body}\r\n0\r\n\r\n`, 400],
  ])('%s is read, or refused', async (_, chunked, status) => {
    const made = await scene({});
    const answer = await send(made.gateway.url, headOf(made, 'Transfer-Encoding: chunked') + chunked);
    expect(statusOf(answer)).toBe(status);
    expect(made.first.visits).toHaveLength(status === 200 ? 1 : 0);
    await made.idle();
  });

  it('with a length as well is refused, as it could be two requests', async () => {
    const made = await scene({});
    const head = headOf(made, 'Transfer-Encoding: chunked', `Content-Length: ${body.length}`);
    expect(statusOf(await send(made.gateway.url, `${head}${chunkOf(body)}0\r\n\r\n`))).toBe(400);
    expect(made.first.visits).toHaveLength(0);
    await made.idle();
  });

  it('that grows too large is refused before it ends', async () => {
    const made = await scene({});
    const piece = chunkOf('x'.repeat(65_536));
    const answer = await send(made.gateway.url, headOf(made, 'Transfer-Encoding: chunked') + piece.repeat(10));
    expect([statusOf(answer), answer.includes('payload_too_large')]).toEqual([413, true]);
    await made.idle();
  });

  it('whose client leaves in its middle holds nothing', async () => {
    const made = await scene({});
    const socket = connect(Number(new URL(made.gateway.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${headOf(made, 'Content-Length: 1000')}{"model":`);
    socket.destroy();
    await made.idle();
    expect(made.first.visits).toHaveLength(0);
  });
});

it('names of fields that no header can hold, and many, are told of as far as one can', async () => {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', stop_reason: 'end_turn' };
  const claude = [jsonReply({ ...message, content: [], usage: { input_tokens: 1, output_tokens: 1 } })];
  const made = await scene({ claude }, { route: { targets: ['claude'], drop: true } });
  const parts = Array.from({ length: 500 }, () => ({ type: 'input_audio', input_audio: { data: 'AA==' } }));
  const messages = [{ role: 'user', content: [{ type: 'text', text: 'hi' }, ...parts] }];
  const { gateway, key } = made;
  const dropped = async (fields: object) => {
    const answer = await gateway.post(path, { ...hello, ...fields }, key);
    expect(answer.status).toBe(200);
    return answer.headers.get('x-pandect-dropped');
  };
  expect(await dropped({ 'ключ\r\nx-key: 1\ud800': 1, seed: 7 })).toBe(
    `${encodeURI('ключ')}%0D%0Ax-key:%201%EF%BF%BD, seed`,
  );
  expect(await dropped({ messages })).toMatch(/^messages\[0\]\.content\[1\]\.type, .{900,980}\]\.type, \.\.\.$/);
});

it('a client that leaves while its key is looked up asks no upstream', async () => {
  const made = await scene({ first: [eventStream('hang')] });
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = database.owner.begin(async (sql) => {
    await sql`lock table api_keys in access exclusive mode`;
    locked.resolve();
    await released.promise;
  });
  await locked.promise;
  const leaving = new AbortController();
  const asked = fetch(made.gateway.url + path, {
    ...{ method: 'POST', body, signal: leaving.signal },
    headers: { authorization: `Bearer ${made.key.token}`, 'content-type': 'application/json' },
  }).catch(() => {});
  const isWaiting = async () => {
    const [row] = await database.owner`
      select 1 from pg_stat_activity where datname = ${database.name} and wait_event_type = 'Lock'`;
    return row !== undefined;
  };
  await expect.poll(isWaiting).toBe(true);
  leaving.abort();
  await asked;
  // The server hears of it soon after.
  await sleep(200);
  released.resolve();
  await holding;
  await expect.poll(() => made.gateway.log.some(({ message }) => message === 'Request')).toBe(true);
  expect(made.first.visits.filter(({ closedAt }) => closedAt === undefined)).toHaveLength(0);
  await made.idle();
});

describe('no header, field or path', () => {
  it.each<[string, Record<string, string>, object, string]>([
    [
      'of other gateways',
      {
        'x-portkey-custom-host': 'http://169.254.169.254',
        'x-portkey-provider': 'openai',
        'x-portkey-config': '{"provider":"openai","custom_host":"http://169.254.169.254"}',
        'helicone-target-url': 'http://169.254.169.254',
        'x-base-url': 'http://169.254.169.254',
        'openai-base-url': 'http://169.254.169.254',
      },
      {},
      '',
    ],
    ['of proxies', { 'x-forwarded-host': '169.254.169.254', forwarded: 'host=169.254.169.254' }, {}, ''],
    ['with a key', { 'x-api-key': 'sk-mine', 'api-key': 'sk-mine', 'x-goog-api-key': 'sk-mine' }, {}, ''],
    ['in the query', {}, {}, '?base_url=http://169.254.169.254&api_key=sk-mine&key=sk-mine'],
    [
      'in the body',
      {},
      {
        base_url: 'http://169.254.169.254',
        api_base: 'http://169.254.169.254',
        api_key: 'sk-mine',
        provider: 'second',
      },
      '',
    ],
  ])('%s chooses a host or a key', async (_, headers, fields, query) => {
    const { gateway, key, first, second, idle } = await scene({});
    const response = await gateway.post(path + query, { ...hello, ...fields }, key, headers);
    expect(response.status).toBe(200);
    expect(second.visits).toHaveLength(0);
    const [visit] = first.visits;
    expect(visit?.headers.authorization).toBe('Bearer sk-of-the-platform');
    expect(visit?.path).toBe(path);
    expect(Object.keys(visit?.headers ?? {}).toSorted()).toEqual(
      ['accept', 'accept-encoding', 'authorization', 'connection', 'content-length', 'content-type', 'host'].toSorted(),
    );
    expect(JSON.stringify(visit?.headers)).not.toContain('sk-mine');
    await idle();
  });

  it.each(['http://169.254.169.254/x', '../../etc/passwd', 'first/../second', '__proto__', 'constructor', ' default'])(
    'makes a model of "%s"',
    async (model) => {
      const { gateway, key, first, second, idle } = await scene({});
      const response = await gateway.post(path, { ...hello, model }, key);
      expect(response.status).toBe(404);
      expect([...first.visits, ...second.visits]).toHaveLength(0);
      await idle();
    },
  );
});

describe('a slow reader', () => {
  it('of a large answer holds it back at the upstream, and leaves nothing behind', async () => {
    const word = sse({ choices: [{ index: 0, delta: { content: 'x'.repeat(1_000) }, finish_reason: null }] });
    const [begin] = chunks(['x']);
    const made = await scene({ first: [eventStream(sse(begin), { bytes: word, times: 50_000 })] });
    const asked = JSON.stringify({ ...hello, stream: true });
    const socket = connect(Number(new URL(made.gateway.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(headOf(made, `Content-Length: ${asked.length}`) + asked);
    await once(socket, 'readable');
    expect(socket.read(1)).not.toBeNull();
    const [visit] = made.first.visits;
    // It stops of itself when all buffers between the two are full.
    let before = -1;
    await expect
      .poll(
        () => {
          const isStill = visit?.sent === before;
          before = visit?.sent ?? 0;
          return isStill;
        },
        { interval: 300, timeout: 10_000 },
      )
      .toBe(true);
    expect(visit?.sent).toBeLessThan(20_000_000);
    socket.destroy();
    await visit?.ended;
    await made.idle();
    expect((await made.books(1)).rows).toMatchObject([{ outcome: 'broken' }]);
  });
});

it('a key that was revoked is refused by every process within a second', async () => {
  const { gateway, keyWith, organization } = await scene({});
  const key = await keyWith({});
  const other = await serveGateway(database, environmentOf(`case-${crypto.randomUUID()}`));
  try {
    for (const each of [gateway, other]) expect((await each.get('/v1/models', key)).status).toBe(200);
    await database.owner`update api_keys set revoked_at = now() where id = ${key.id} and organization_id = ${organization.id}`;
    for (const each of [gateway, other])
      await expect.poll(async () => (await each.get('/v1/models', key)).status, { timeout: 3_000 }).toBe(401);
  } finally {
    await other.close();
  }
});

it('a permission for "first/*" is not one for a name that only begins so', async () => {
  const { gateway, keyWith, first } = await scene({});
  const key = await keyWith({ routes: ['first/*', 'sec*', 'claude'] });
  for (const model of ['second', 'default'])
    expect((await gateway.post(path, { ...hello, model }, key)).status).toBe(404);
  const { data } = (await (await gateway.get('/v1/models', key)).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['claude']));
  expect(data.map(({ id }) => id)).not.toContain('second');
  expect(first.visits).toHaveLength(0);
});
