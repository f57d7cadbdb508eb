import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Control, type Listener, listen } from './listener.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const control: Control = {
  ready: async () => {},
  metrics: async () => 'figures\n',
  openapi: () => ({ openapi: '3.1.0' }),
};

async function start(handler: RequestListener, options: { concurrency?: number; control?: Partial<Control> } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, 'test.sock');
  const { concurrency = 10 } = options;
  const listener: Listener = await listen(socketPath, handler, { ...control, ...options.control }, { concurrency });
  cleanups.push(() => listener.close());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  cleanups.push(() => agent.destroy());
  const ask = (path: string, { kept = false, headers = {} } = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ socketPath, path, headers, agent: kept ? agent : false }, resolve)
        .on('error', reject)
        .end();
    });
  return { listener, ask };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const part of response) text += part;
  return text;
}

/** A handler that answers when it is told to. */
function heldHandler() {
  const waiting: ServerResponse[] = [];
  return { waiting, handler: ((_, response) => void waiting.push(response)) satisfies RequestListener };
}

describe('listen', () => {
  it('refuses more than it may work on at once, with the time to come back in, and takes on when one has ended', async () => {
    const { waiting, handler } = heldHandler();
    const { listener, ask } = await start(handler, { concurrency: 2 });
    const first = [ask('/a'), ask('/b')];
    await expect.poll(() => waiting.length).toBe(2);
    const refused = await ask('/c', { headers: { 'accept-language': 'ru' } });
    expect(refused.statusCode).toBe(503);
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'content-type': 'application/problem+json' });
    expect(JSON.parse(await textOf(refused))).toMatchObject({
      type: 'urn:pandect:problem:overloaded',
      title: 'Сервер занят',
    });
    expect(listener.inFlight()).toBe(2);
    for (const response of waiting.splice(0)) response.end('done');
    for (const answer of first) expect(await textOf(await answer)).toBe('done');
    await expect.poll(() => listener.inFlight()).toBe(0);
    const next = ask('/d');
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]?.end('done');
    expect((await next).statusCode).toBe(200);
  });

  it('gives the place of a client that left to another', async () => {
    const { waiting, handler } = heldHandler();
    const { listener, ask } = await start(handler, { concurrency: 1 });
    const controller = new AbortController();
    const gone = ask('/a').catch(() => 'left');
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]?.socket?.destroy();
    controller.abort();
    expect(await gone).toBe('left');
    await expect.poll(() => listener.inFlight()).toBe(0);
  });

  it('answers the supervisor even when it is full', async () => {
    const { waiting, handler } = heldHandler();
    const { ask } = await start(handler, { concurrency: 1 });
    const held = ask('/a');
    await expect.poll(() => waiting.length).toBe(1);
    expect(await textOf(await ask('/_pandect/ready'))).toBe('ready\n');
    expect(await textOf(await ask('/_pandect/metrics'))).toBe('figures\n');
    expect(await textOf(await ask('/_pandect/openapi'))).toBe('{"openapi":"3.1.0"}');
    expect((await ask('/_pandect/else')).statusCode).toBe(404);
    waiting[0]?.end();
    await held;
  });

  it('tells the supervisor why it is not ready', async () => {
    const ready = async () => {
      throw new Error('Reach database: refused');
    };
    const { ask } = await start(() => {}, { control: { ready } });
    const answer = await ask('/_pandect/ready');
    expect(answer.statusCode).toBe(503);
    expect(await textOf(answer)).toBe('Reach database: refused');
  });

  it('asks kept connections to end while it drains, serves them until then, and is drained when they are gone', async () => {
    const { ask, listener } = await start((_, response) => response.end('served'));
    expect(
      await ask('/before', { kept: true }).then(async (answer) => [await textOf(answer), answer.headers.connection]),
    ).toEqual(['served', 'keep-alive']);
    let drained = false;
    const draining = listener.drain(20).then(() => {
      drained = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(drained).toBe(false);
    const last = await ask('/during', { kept: true });
    expect([await textOf(last), last.headers.connection]).toEqual(['served', 'close']);
    await draining;
  });

  it('lets a stream that has begun come to its end while it drains', async () => {
    const { waiting, handler } = heldHandler();
    const { ask, listener } = await start(handler);
    const asked = ask('/events', { kept: true });
    await expect.poll(() => waiting.length).toBe(1);
    const stream = waiting[0] as ServerResponse;
    stream.writeHead(200, { 'content-type': 'text/event-stream' });
    stream.write('data: one\n\n');
    const answer = await asked;
    const draining = listener.drain(20);
    stream.write('data: two\n\n');
    stream.end('data: three\n\n');
    expect(await textOf(answer)).toBe('data: one\n\ndata: two\n\ndata: three\n\n');
    // The head was sent before the drain began, so that this connection is the client's to close.
    cleanups.splice(-1)[0]?.();
    await draining;
  });

  it('stops waiting when the time to drain is over', async () => {
    const { waiting, handler } = heldHandler();
    const { ask, listener } = await start(handler);
    const held = ask('/never').catch(() => 'cut');
    await expect.poll(() => waiting.length).toBe(1);
    await listener.drain(0);
    await listener.close();
    expect(await held).toBe('cut');
  });
});
