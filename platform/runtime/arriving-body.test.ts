import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from './listener.ts';
import { createReport } from './report.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Reads the body, then answers with its length; `/early` answers at once. */
const handler: RequestListener = async (request, response) => {
  if (request.url === '/early') return void response.writeHead(401).end();
  let size = 0;
  try {
    for await (const part of request) size += part.length;
    response.end(`got ${size}`);
  } catch {
    response.destroy();
  }
};

async function start({ concurrency = 4, body = 65_536, smallSeconds = 30, graceSeconds = 30, handle = handler } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const path = join(folder, 'test.sock');
  const report = createReport();
  const control = { ready: async () => {}, metrics: async () => '', openapi: () => ({}) };
  const clientOf = ({ headers }: { headers: NodeJS.Dict<string | string[]> }) => String(headers['x-client']);
  const arrivals = { body, clientOf, smallSeconds, large: { bytes: 1000, graceSeconds } };
  const listener = await listen({ socket: path }, handle, control, { concurrency, report, arrivals });
  cleanups.push(() => listener.close());

  /** Sends the beginning of a request; what is answered is read until the connection ends, or `settled` is there. */
  const send = (head: string, { client = 'one', body: sent = '' as string | Buffer } = {}) => {
    const socket: Socket = connect(path);
    cleanups.push(() => socket.destroy());
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', () => {});
    socket.write(`${head}\r\nHost: test\r\nX-Client: ${client}\r\n\r\n`);
    socket.write(sent);
    return {
      socket,
      text: () => text,
      status: () => expect.poll(() => text.match(/^HTTP\/1.1 (\d+)/)?.[1], { timeout: 10_000 }),
    };
  };
  const announced = (length: number, path = '/') => `POST ${path} HTTP/1.1\r\nContent-Length: ${length}`;
  return { send, announced, report, listener };
}

const chunked = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked';
const whole = { announced: (size: number) => Buffer.alloc(size, 'a') };

describe('bodies that never come', () => {
  it.each([
    ['announced', 'POST / HTTP/1.1\r\nContent-Length: 10', ''],
    ['begun', 'POST / HTTP/1.1\r\nContent-Length: 10', 'half'],
    ['in chunks', chunked, ''],
    ['in chunks that have begun', chunked, '5\r\nhello\r\n'],
    ['missing their last byte', 'POST / HTTP/1.1\r\nContent-Length: 65536', 'a'.repeat(65_535)],
    ['in chunks, as large as may be', chunked, `10000\r\n${'a'.repeat(65_536)}\r\n`],
  ])('%s take no place', async (_, head, body) => {
    const { send, announced, report } = await start({ concurrency: 4 });
    const stuck = Array.from({ length: 8 }, (_, n) => send(head, { client: `client ${n}`, body }));
    await send('GET /early HTTP/1.1', { client: 'other' }).status().toBe('401');
    const ok = send(announced(5), { client: 'other', body: 'hello' });
    await ok.status().toBe('200');
    expect(stuck.map(({ text }) => text())).toEqual(stuck.map(() => ''));
    for (const { socket } of stuck) socket.destroy();
    await expect.poll(() => report.inFlight()).toBe(0);
  });

  it('of one client are so many and no more', async () => {
    const { send, announced } = await start({ concurrency: 4 });
    const stuck = Array.from({ length: 2 }, () => send(announced(10)));
    const refused = send(announced(10));
    await refused.status().toBe('503');
    expect(refused.text()).toContain('urn:pandect:problem:overloaded');
    await send(announced(5), { client: 'other', body: 'hello' }).status().toBe('200');
    stuck[0]?.socket.destroy();
    await expect
      .poll(async () => {
        const again = send(announced(5), { body: 'hello' });
        await again.status().toBeDefined();
        return again.text();
      })
      .toContain('200 OK');
  });

  it('end with a problem', async () => {
    const { send, announced, report } = await start({ smallSeconds: 0.1 });
    for (const head of [announced(10), chunked]) {
      const late = send(head);
      await late.status().toBe('408');
      expect(late.text()).toContain('urn:pandect:problem:body-timeout');
    }
    expect(report.begun()).toBe(0);
  });

  it('of large requests end when they come too slowly', async () => {
    const { send, announced, report } = await start({ body: 10_000_000, graceSeconds: 0.3 });
    for (const head of [announced(1_000_000), chunked]) {
      const late = send(head, { body: head === chunked ? '5\r\nhello\r\n' : 'hello' });
      await expect.poll(() => late.socket.closed, { timeout: 10_000 }).toBe(true);
    }
    await expect.poll(() => report.inFlight()).toBe(0);
  });
});

describe('bodies that come', () => {
  it.each([1, 1_000, 65_535, 65_536])('are whole at %i bytes', async (size) => {
    const { send, announced } = await start();
    const answer = send(announced(size), { body: whole.announced(size) });
    await answer.status().toBe('200');
    await expect.poll(answer.text).toContain(`got ${size}`);
  });

  it.each([0, 5, 65_536, 200_000])('are whole in chunks at %i bytes', async (size) => {
    const { send } = await start();
    const chunk = size > 0 ? `${size.toString(16)}\r\n${'a'.repeat(size)}\r\n` : '';
    const answer = send(chunked, { body: `${chunk}0\r\n\r\n` });
    await answer.status().toBe('200');
    await expect.poll(answer.text).toContain(`got ${size}`);
  });

  it('in pieces are worked on when the last is there', async () => {
    const { send, announced, report } = await start();
    const answer = send(announced(10), { body: 'hello' });
    await send('GET /early HTTP/1.1').status().toBe('401');
    expect(report.begun()).toBe(1);
    answer.socket.write('world');
    await answer.status().toBe('200');
  });

  it('are read as they come where they are large, for as long as they come', async () => {
    const { send, announced, report } = await start({ body: 10_000_000, graceSeconds: 0.3, concurrency: 1 });
    const upload = send(announced(100_000));
    for (let piece = 0; piece < 10; piece++) {
      upload.socket.write('a'.repeat(10_000));
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (piece === 5) {
        expect(report.inFlight()).toBe(1);
        await send('GET /early HTTP/1.1').status().toBe('401');
      }
    }
    await expect.poll(upload.text, { timeout: 10_000 }).toContain('got 100000');
  });

  it('are not waited for when the request is refused without them', async () => {
    const { send, announced, report } = await start();
    await send(announced(70_000, '/early')).status().toBe('401');
    await expect.poll(() => report.inFlight()).toBe(0);
  });

  it('have a place from then on', async () => {
    const { send, announced } = await start({ concurrency: 1, handle: (request) => void request.resume() });
    send(announced(5), { body: 'hello' });
    await expect
      .poll(async () => {
        const next = send('GET / HTTP/1.1');
        await new Promise((resolve) => setTimeout(resolve, 50));
        next.socket.destroy();
        return next.text();
      })
      .toContain('503');
  });
});
