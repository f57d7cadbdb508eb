import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { announce, createFeed } from '../../capabilities/feed/index.ts';
import { defineFunction } from '../../kernel/manifest.ts';
import { Problem } from '../../kernel/problem.ts';
import { notFound } from '../../kernel/problems.ts';
import { testDatabase } from '../../testing/database.ts';
import { createBoot } from '../boot.ts';
import { listen } from '../listener.ts';
import { createReport } from '../report.ts';
import { composeFunction } from './compose-function.ts';
import { follow } from './follow.ts';
import { limitRate } from './limit-rate.ts';
import { createRouter } from './router.ts';
import { serveApp } from './serve-app.ts';

const database = await testDatabase();
const feed = createFeed(database.tenant);
const folder = await mkdtemp(join(tmpdir(), 'pandect-follow-'));
const boot = createBoot('probe', { LOG_LEVEL: 'silent' });

let note: { n: number; padding?: string } | Error;
let reads = 0;
let following = 0;
async function read() {
  reads += 1;
  if (note instanceof Error) throw note;
  return note;
}
async function subscribe() {
  const changes = await feed.subscribe('note', 'one');
  following += 1;
  return {
    next: changes.next,
    [Symbol.dispose]() {
      following -= 1;
      changes[Symbol.dispose]();
    },
  };
}
const change = async (next: typeof note) => {
  note = next;
  await database.tenant.transaction((tx) => announce(tx, 'note', 'one'));
};
const LAST = 99;

const router = createRouter();
router.get('/api/probe/note', (c) =>
  follow(c, {
    subscribe,
    read,
    isFinal: ({ n }) => n === LAST,
    heartbeat: 60_000,
  }),
);
const manifest = defineFunction({ mount: ['/api/probe'], rateLimit: 'none' });
const app = await composeFunction(boot, manifest, router, limitRate);
const { handler, sockets } = serveApp(app, manifest);
const socketPath = join(folder, 'probe.sock');
const control = { ready: async () => {}, metrics: async () => '', openapi: () => ({}) };
const listener = await listen({ socket: socketPath }, handler, control, {
  concurrency: 10,
  report: createReport(),
  sockets,
});
afterAll(async () => {
  await listener.close();
  await boot.close();
  await rm(folder, { recursive: true });
  await database.close();
});
beforeEach(() => {
  note = { n: 0 };
  reads = 0;
});

/** A WebSocket that follows the note, with what it has heard. */
function followBySocket() {
  const socket = new WebSocket(`ws+unix://${socketPath}:/api/probe/note`);
  const heard: unknown[] = [];
  socket.on('message', (message) => heard.push(JSON.parse(String(message))));
  return { socket, heard, closed: once(socket, 'close').then(([code]) => code) };
}

describe('follow', () => {
  it('sends each state over a WebSocket until the last one', async () => {
    const { heard, closed } = followBySocket();
    await expect.poll(() => heard).toHaveLength(1);
    await change({ n: 1 });
    await expect.poll(() => heard).toHaveLength(2);
    await change({ n: LAST });
    expect(await closed).toBe(1000);
    expect(heard).toEqual([0, 1, LAST].map((n) => ({ event: 'status', data: { n } })));
  });

  it('ends a WebSocket with a problem when the record cannot be read, and without one when it is gone', async () => {
    const failing = followBySocket();
    await expect.poll(() => failing.heard).toHaveLength(1);
    await change(new Error('secret'));
    expect(await failing.closed).toBe(1011);
    expect(failing.heard.at(-1)).toMatchObject({ event: 'error', data: { type: 'urn:pandect:problem:internal' } });
    expect(JSON.stringify(failing.heard)).not.toContain('secret');

    note = { n: 0 };
    const gone = followBySocket();
    await expect.poll(() => gone.heard).toHaveLength(1);
    await change(new Problem(notFound));
    expect(await gone.closed).toBe(1000);
    expect(gone.heard).toHaveLength(1);
  });

  it('opens no WebSocket for a record that is not there', async () => {
    note = new Problem(notFound);
    const socket = new WebSocket(`ws+unix://${socketPath}:/api/probe/note`);
    socket.on('error', () => {});
    const [, answer] = await once(socket, 'unexpected-response');
    expect(answer.statusCode).toBe(404);
    socket.terminate();
  });

  it('stops reading when the WebSocket is closed', async () => {
    const { socket, heard, closed } = followBySocket();
    await expect.poll(() => heard).toHaveLength(1);
    socket.close();
    await closed;
    await expect.poll(() => following).toBe(0);
    const before = reads;
    await change({ n: 1 });
    // Changes are heard in their order: after this one, the one before has been heard by all that follow it.
    using marker = await feed.subscribe('note', 'marker');
    await database.tenant.transaction((tx) => announce(tx, 'note', 'marker'));
    await marker.next(60_000);
    expect(reads).toBe(before);
  });

  it('gives a slow reader the newest state, not those in between', async () => {
    const response = await app.request('/api/probe/note');
    for (let n = 1; n <= 20; n++) await change({ n });
    await change({ n: LAST });
    const events = [...(await response.text()).matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n));
    expect(events.at(-1)).toBe(LAST);
    expect(events.length).toBeLessThan(6);
  });
});
