import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Control } from './control.ts';
import { onReplaced } from './http/ending.ts';
import { type Listener, type ListenerOptions, listen } from './listener.ts';
import { createReport } from './report.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const control: Control = {
  ready: async () => {},
  metrics: async () => 'figures\n',
  openapi: () => ({ openapi: '3.1.0' }),
};

const patient = { timeout: 20, drain: 20 };

async function start(
  handler: RequestListener,
  options: { concurrency?: number; control?: Partial<Control>; writeProblem?: ListenerOptions['writeProblem'] } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, 'test.sock');
  const { concurrency = 10, writeProblem } = options;
  const report = createReport();
  const listener: Listener = await listen(
    { socket: socketPath },
    handler,
    { ...control, ...options.control },
    { concurrency, report, ...(writeProblem && { writeProblem }) },
  );
  cleanups.push(() => listener.close());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  cleanups.push(() => agent.destroy());
  const ask = (path: string, { kept = false, headers = {} } = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ socketPath, path, headers, agent: kept ? agent : false }, resolve)
        .on('error', reject)
        .end();
    });
  return { listener, ask, report };
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
    const { report, ask } = await start(handler, { concurrency: 2 });
    const first = [ask('/a'), ask('/b')];
    await expect.poll(() => waiting.length).toBe(2);
    const refused = await ask('/c', { headers: { 'accept-language': 'ru' } });
    expect(refused.statusCode).toBe(503);
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'content-type': 'application/problem+json' });
    expect(JSON.parse(await textOf(refused))).toMatchObject({
      type: 'urn:pandect:problem:overloaded',
      title: 'Сервер перегружен',
    });
    expect(report.inFlight()).toBe(2);
    for (const response of waiting.splice(0)) response.end('done');
    for (const answer of first) expect(await textOf(await answer)).toBe('done');
    await expect.poll(() => report.inFlight()).toBe(0);
    const next = ask('/d');
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]?.end('done');
    expect((await next).statusCode).toBe(200);
  });

  it('refuses in the form that the function writes problems in', async () => {
    const { waiting, handler } = heldHandler();
    const { ask } = await start(handler, {
      concurrency: 1,
      writeProblem: ({ type, status, headers }, { path, language, requestId }) => ({
        ...{ status, headers: { ...headers, 'content-type': 'text/plain' } },
        body: [type, path, language, requestId].join(' '),
      }),
    });
    const held = ask('/a');
    await expect.poll(() => waiting.length).toBe(1);
    const refused = await ask('/b?c=d', { headers: { 'x-request-id': 'my-request-1' } });
    expect(refused.headers).toMatchObject({
      ...{ 'retry-after': '1', 'content-type': 'text/plain', 'x-request-id': 'my-request-1' },
    });
    expect([refused.statusCode, await textOf(refused)]).toEqual([503, 'overloaded /b en my-request-1']);
    waiting[0]?.end();
    await held;
  });

  it('gives the place of a client that left to another', async () => {
    const { waiting, handler } = heldHandler();
    const { report, ask } = await start(handler, { concurrency: 1 });
    const controller = new AbortController();
    const gone = ask('/a').catch(() => 'left');
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]?.socket?.destroy();
    controller.abort();
    expect(await gone).toBe('left');
    await expect.poll(() => report.inFlight()).toBe(0);
  });

  it('answers the supervisor even when it is full', async () => {
    const { waiting, handler } = heldHandler();
    const { ask } = await start(handler, { concurrency: 1 });
    const held = ask('/a');
    await expect.poll(() => waiting.length).toBe(1);
    expect(await textOf(await ask('/_pandect/ready'))).toBe('ready\n');
    expect(await textOf(await ask('/_pandect/metrics'))).toBe('figures\n');
    expect(JSON.parse(await textOf(await ask('/_pandect/state')))).toMatchObject({ inFlight: 1, begun: 1 });
    expect(await textOf(await ask('/_pandect/openapi'))).toBe('{"openapi":"3.1.0"}');
    expect((await ask('/_pandect/else')).statusCode).toBe(404);
    waiting[0]?.end();
    await held;
  });

  it('counts answers of 500 and more as failed, and neither refusals nor those whose client left', async () => {
    const { waiting, handler } = heldHandler();
    const { ask, report } = await start(handler, { concurrency: 1 });
    const answer = async (asked: Promise<unknown>, status: number) => {
      await expect.poll(() => waiting.length).toBe(1);
      waiting.pop()?.writeHead(status).end();
      await asked;
      await expect.poll(() => report.inFlight()).toBe(0);
    };
    for (const status of [200, 404, 500, 503]) await answer(ask('/a'), status);

    const left = ask('/left').catch(() => 'left');
    await expect.poll(() => waiting.length).toBe(1);
    expect((await ask('/refused')).statusCode).toBe(503);
    const abandoned = waiting.pop();
    abandoned?.socket?.destroy();
    expect(await left).toBe('left');
    await expect.poll(() => report.inFlight()).toBe(0);
    abandoned?.writeHead(500).end();

    const { begun, failed, refused, durations } = report.current();
    expect({ begun, failed, refused }).toEqual({ begun: 5, failed: 2, refused: 1 });
    expect(durations.counts.reduce((sum, count) => sum + count)).toBe(4);
  });

  it('treats a request for any other protocol, or for a WebSocket where there are none, as any request', async () => {
    const { ask } = await start((_, response) => response.end('served'));
    for (const upgrade of ['h2c', 'websocket']) {
      expect(await textOf(await ask('/a', { headers: { connection: 'upgrade', upgrade } }))).toBe('served');
    }
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
    const draining = listener.drain(patient).then(() => {
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
    const draining = listener.drain(patient);
    stream.write('data: two\n\n');
    stream.end('data: three\n\n');
    expect(await textOf(answer)).toBe('data: one\n\ndata: two\n\ndata: three\n\n');
    // The head was sent before the drain began, so that this connection is the client's to close.
    cleanups.splice(-1)[0]?.();
    await draining;
  });

  it('ends event streams in good order when their time to drain is over, and lets requests finish', async () => {
    const { waiting, handler } = heldHandler();
    const { ask, listener } = await start(handler);
    const [events, download] = [ask('/events'), ask('/download')];
    await expect.poll(() => waiting.length).toBe(2);
    waiting[0]?.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    waiting[0]?.write('data: one\n\n');
    waiting[1]?.writeHead(200, { 'content-type': 'application/pdf' });
    waiting[1]?.write('one');
    const bodies = [textOf(await events), textOf(await download)];
    const draining = listener.drain({ timeout: 20, drain: 0 });
    expect(await bodies[0]).toBe('data: one\n\n');
    waiting[1]?.end(' two');
    expect(await bodies[1]).toBe('one two');
    await draining;
  });

  it('lets an event stream say how it ends then', async () => {
    const { waiting, handler } = heldHandler();
    const { ask, listener } = await start(handler);
    const asked = ask('/events');
    await expect.poll(() => waiting.length).toBe(1);
    const stream = waiting[0] as ServerResponse;
    stream.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n');
    onReplaced(stream, () => stream.end('event: error\ndata: replaced\n\n'));
    const body = textOf(await asked);
    await listener.drain({ timeout: 20, drain: 0 });
    expect(await body).toBe('data: one\n\nevent: error\ndata: replaced\n\n');
  });

  it('stops waiting when the time to drain is over', async () => {
    const { waiting, handler } = heldHandler();
    const { ask, listener } = await start(handler);
    const held = ask('/never').catch(() => 'cut');
    await expect.poll(() => waiting.length).toBe(1);
    await listener.drain({ timeout: 0, drain: 0 });
    await listener.close();
    expect(await held).toBe('cut');
  });
});
