import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upgradeWebSocket } from '@hono/node-server';
import { streamSSE } from 'hono/streaming';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { defineFunction, type FunctionManifest } from '../../kernel/manifest.ts';
import { Problem } from '../../kernel/problem.ts';
import { unauthenticated } from '../../kernel/problems.ts';
import { NO_REDIS_URL } from '../../testing/redis.ts';
import { createBoot } from '../boot.ts';
import { listen } from '../listener.ts';
import { createReport } from '../report.ts';
import type { TokenVerifier } from './caller.ts';
import { composeFunction } from './compose-function.ts';
import { limitRate } from './limit-rate.ts';
import { createProtectedRouter, createRouter } from './router.ts';
import { serveApp } from './serve-app.ts';
import { webSocket } from './web-socket.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const tokens: TokenVerifier = {
  isKey: () => false,
  async verify(token) {
    if (token !== 'good') throw new Problem(unauthenticated);
    return { user: 'anna' } as never;
  },
};

function createApp(ended: string[]) {
  const router = createRouter();
  router.get(
    '/api/probe/echo',
    webSocket((c) => ({
      onMessage: ({ data }, ws) => ws.send(`${c.req.query('name')}: ${data}`),
      onClose: ({ code }) => void ended.push(`echo ${code}`),
    })),
  );
  router.get(
    '/api/probe/plain',
    upgradeWebSocket(() => ({ onMessage: ({ data }, ws) => ws.send(String(data)) })),
  );
  router.get(
    '/api/probe/broken',
    webSocket(() => ({
      onMessage: async () => {
        await Promise.resolve();
        throw new Error('no such note');
      },
    })),
  );
  router.get('/api/probe/text', (c) => c.text('text'));
  router.get('/api/probe/large', (c) => c.text('x'.repeat(1_000_000)));
  router.get('/api/probe/events', (c) =>
    streamSSE(c, async (stream) => {
      stream.onAbort(() => void ended.push('events'));
      for (let n = 0; !stream.aborted; n++) {
        await stream.writeSSE({ data: String(n) });
        await stream.sleep(100);
      }
    }),
  );
  router.get('/api/probe/hang', () => new Promise<Response>(() => {}));
  const inner = createProtectedRouter(tokens);
  inner.get(
    '/echo',
    webSocket(() => ({ onMessage: ({ data }, ws) => ws.send(String(data)) })),
  );
  inner.get('/text', (c) => c.text('text'));
  inner.get('/kept', (c) => c.text('text', 200, { 'Cache-Control': 'private, no-cache' }));
  inner.get('/own', () => new Response('text', { headers: { 'x-own': 'yes' } }));
  router.route('/api/probe/private', inner);
  return router;
}

async function start(settings: Partial<FunctionManifest> = {}, environment: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, 'probe.sock');
  const manifest = defineFunction({ mount: ['/api/probe'], rateLimit: 'none', timeout: 1, ...settings });
  const log: Record<string, unknown>[] = [];
  const boot = createBoot('probe', environment, { write: (line: string) => void log.push(JSON.parse(line)) });
  cleanups.push(() => boot.close());
  const ended: string[] = [];
  const { handler, sockets } = serveApp(await composeFunction(boot, manifest, createApp(ended), limitRate), manifest);
  const report = createReport();
  const control = { ready: async () => {}, metrics: async () => '', openapi: () => ({}) };
  const { concurrency } = manifest;
  const listener = await listen({ socket: socketPath }, handler, control, { concurrency, report, sockets });
  cleanups.push(() => listener.close());

  const connect = (path: string, headers: Record<string, string> = {}): WebSocket => {
    const socket = new WebSocket(`ws+unix://${socketPath}:/api/probe/${path}`, { headers });
    cleanups.push(() => socket.terminate());
    return socket;
  };
  return {
    listener,
    report,
    log,
    ended,
    connect,
    async open(path: string, headers?: Record<string, string>): Promise<WebSocket> {
      const socket = connect(path, headers);
      await once(socket, 'open');
      return socket;
    },
    /** What a request for a WebSocket gets that is not given one. */
    async refused(path: string, headers?: Record<string, string>) {
      const socket = connect(path, headers);
      socket.on('error', () => {});
      const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      return { status: answer.statusCode, headers: answer.headers, body: await textOf(answer) };
    },
    get: (path: string, headers: Record<string, string> = {}) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        request({ socketPath, path: `/api/probe/${path}`, headers, agent: false }, resolve)
          .on('error', reject)
          .end();
      }),
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part;
  return text;
}

async function say(socket: WebSocket, words: string): Promise<string> {
  const answer = once(socket, 'message');
  socket.send(words);
  return String((await answer)[0]);
}

describe('a WebSocket', () => {
  it('is a route that reads its request like any other and continues beyond the timeout', async () => {
    const { open, report, ended } = await start();
    const socket = await open('echo?name=Anna');
    expect(await say(socket, 'one')).toBe('Anna: one');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await say(socket, 'two')).toBe('Anna: two');
    expect(report.current()).toMatchObject({ inFlight: 1, begun: 1, failed: 0 });
    socket.close(4000);
    await expect.poll(() => ended).toEqual(['echo 4000']);
    await expect.poll(() => report.inFlight()).toBe(0);
  });

  it('can be made with the library’s own function as well', async () => {
    const { open } = await start();
    expect(await say(await open('plain'), 'words')).toBe('words');
  });

  it('counts in flight, and one too many is told when to come back', async () => {
    const { open, refused, report } = await start({ concurrency: 1 });
    const first = await open('echo');
    const second = await refused('echo');
    expect(second).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(second.body)).toMatchObject({ type: 'urn:pandect:problem:overloaded' });
    expect(report.current()).toMatchObject({ inFlight: 1, begun: 1, refused: 1, failed: 0 });
    first.terminate();
    await expect.poll(() => report.inFlight()).toBe(0);
    expect(await say(await open('plain'), 'room')).toBe('room');
  });

  it.each([
    ['of a host that is not served', 'echo', { host: 'evil.org' }, 400, 'host-not-allowed'],
    ['without a token', 'private/echo', {}, 401, 'unauthenticated'],
    ['with a bad token', 'private/echo', { authorization: 'Bearer bad' }, 401, 'unauthenticated'],
    ['for what is not there', 'nothing', {}, 404, 'not-found'],
  ])('%s is refused with a problem', async (_, path, headers, status, type) => {
    const { refused, report } = await start({}, { ALLOWED_HOSTS: 'api.example.org' });
    const answer = await refused(path, { host: 'api.example.org', ...headers });
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(answer.body).type).toBe(`urn:pandect:problem:${type}`);
    await expect.poll(() => report.current()).toMatchObject({ inFlight: 0, begun: 1, failed: 0 });
  });

  it('opens with a good token', async () => {
    const { open } = await start();
    expect(await say(await open('private/echo', { authorization: 'Bearer good' }), 'in')).toBe('in');
  });

  it('is limited by the rate of its address', async () => {
    const { refused } = await start(
      { rateLimit: 'api' },
      { RATE_LIMIT_API_RPS: '1', REDIS_URL: 'redis://localhost?path=/nowhere/redis.sock' },
    );
    const statuses = [];
    for (let n = 0; n < 6; n++) statuses.push((await refused('nothing')).status);
    expect(new Set(statuses)).toEqual(new Set([404, 429]));
  });

  it('takes no larger messages than the function takes bodies', async () => {
    const { open } = await start({ body: 10 });
    const socket = await open('plain');
    expect(await say(socket, '0123456789')).toBe('0123456789');
    socket.send('0123456789a');
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });

  it('whose handler fails ends alone, and the log says why', async () => {
    const { open, log } = await start();
    const [broken, other] = [await open('broken'), await open('plain')];
    broken.send('words');
    expect((await once(broken, 'close'))[0]).toBe(1011);
    expect(log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'WebSocket failed',
        on: 'message',
        requestId: expect.any(String),
      }),
    );
    expect(await say(other, 'still here')).toBe('still here');
  });

  it('that is asked for where there is none gets the answer of the route', async () => {
    const { refused, report, ended, connect } = await start();
    expect(await refused('text')).toMatchObject({ status: 200, body: 'text' });
    expect((await refused('large')).body).toHaveLength(1_000_000);
    const socket = connect('events');
    socket.on('error', () => {});
    await once(socket, 'unexpected-response');
    socket.terminate();
    await expect.poll(() => ended).toEqual(['events']);
    await expect.poll(() => report.inFlight()).toBe(0);
  });

  it('is asked to connect again when its time to drain is over', async () => {
    const { open, listener } = await start();
    const socket = await open('plain');
    const closed = once(socket, 'close');
    await listener.drain({ timeout: 20, drain: 0 });
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1012, 'Service restart']);
  });

  it('works on while there is time to drain, and its end is the end of the drain', async () => {
    const { open, listener } = await start();
    const socket = await open('plain');
    const draining = listener.drain({ timeout: 20, drain: 20 });
    expect(await say(socket, 'still here')).toBe('still here');
    socket.close();
    await draining;
  });

  it('that does not answer is cut when the process closes', async () => {
    const { open, listener } = await start();
    const socket = await open('plain');
    socket.pause();
    await listener.drain({ timeout: 0, drain: 0 });
    await listener.close();
    socket.resume();
    await once(socket, 'close');
  });
});

describe('a stream of events', () => {
  it('continues beyond the timeout, since its answer has begun', async () => {
    const { get } = await start();
    const seen: string[] = [];
    const answer = await get('events');
    for await (const part of answer.setEncoding('utf8')) {
      seen.push(part);
      if (part.includes('data: 13')) break;
    }
    expect(seen.join('')).toContain('data: 12');
  });

  it('ends when its time to drain is over, and the function learns it', async () => {
    const { get, listener, ended } = await start();
    const text = textOf(await get('events'));
    await listener.drain({ timeout: 20, drain: 0 });
    expect(await text).toMatch(/^data: 0\n\n/);
    expect(ended).toEqual(['events']);
  });
});

describe('a request', () => {
  it.each([
    ['text', 200, 'private, no-store'],
    ['kept', 200, 'private, no-cache'],
    ['own', 200, 'private, no-store'],
    ['missing', 404, 'private, no-store'],
  ])(
    'of private/%s is told each header once, the operation’s in place of those around it',
    async (path, status, kept) => {
      const { get } = await start({ rateLimit: 'api' }, { REDIS_URL: NO_REDIS_URL });
      const answer = await get(`private/${path}`, { authorization: 'Bearer good', 'x-request-id': 'my-request-1' });
      expect([answer.statusCode, await textOf(answer)]).toEqual([status, expect.any(String)]);
      expect(answer.headers).toMatchObject({ 'cache-control': kept, 'x-request-id': 'my-request-1' });
      expect(answer.headers['ratelimit-policy']).toMatch(/^"api";q=\d+;w=2, "person";/);
      const names = answer.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      expect(names).toEqual([...new Set(names)]);
    },
  );

  it('that takes too long gets a problem, counts as failed and gives up its place', async () => {
    const { get, report } = await start({ concurrency: 1 });
    const held = get('hang');
    await expect.poll(() => report.inFlight()).toBe(1);
    const refused = await get('text');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
    const answer = await held;
    expect(answer.statusCode).toBe(504);
    expect(JSON.parse(await textOf(answer))).toMatchObject({ type: 'urn:pandect:problem:timeout', status: 504 });
    await expect.poll(() => report.current()).toMatchObject({ inFlight: 0, begun: 1, failed: 1, refused: 1 });
    expect((await get('text')).statusCode).toBe(200);
  });
});
