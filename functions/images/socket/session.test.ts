import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Generation } from '../../../modules/pictures/contract.ts';
import { generationOf } from '../../../modules/testing/given-generations.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { toImage } from '../image.ts';
import type { Desk } from './desk.ts';
import { socketLimits } from './limits.ts';
import type { Peer } from './outbox.ts';
import { createSeats } from './seats.ts';
import { Session } from './session.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is sent is what the test finds out
type Sent = any;

const anna: Caller = { userId: 'anna', organizationId: 'one', role: 'member' };
const boris: Caller = { userId: 'boris', organizationId: 'one', role: 'member' };
const HOUR_MS = 3_600_000;

let tokens: Map<string, { caller: Caller; until?: Date }>;
let generations: Map<string, Generation>;
let seats: ReturnType<typeof createSeats>;
let reads: number;
let following: number;
let watchers: Map<string, Set<() => void>>;

beforeEach(() => {
  vi.useFakeTimers();
  tokens = new Map([
    ['good', { caller: anna, until: new Date(Date.now() + HOUR_MS / 2) }],
    ['newer', { caller: anna, until: new Date(Date.now() + 2 * HOUR_MS) }],
    ['key', { caller: anna }],
    ['of boris', { caller: boris }],
  ]);
  generations = new Map();
  watchers = new Map();
  seats = createSeats(socketLimits.socketsOfPerson);
  reads = 0;
  following = 0;
});
afterEach(() => vi.useRealTimers());

const readGeneration = (id: string) => {
  const found = generations.get(id);
  if (!found) throw new Problem(notFound);
  return toImage(found, 'en');
};
const desk: Desk = {
  async admit(token) {
    const admitted = tokens.get(token);
    if (!admitted || (admitted.until && admitted.until <= new Date())) throw new Problem(unauthenticated);
    return admitted;
  },
  takeSeat: (userId) => seats.take(userId),
  async subscribe(id) {
    following += 1;
    const own = watchers.get(id) ?? new Set();
    watchers.set(id, own);
    let wake = () => {};
    const tell = () => wake();
    own.add(tell);
    return {
      next: (ms, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          signal?.addEventListener('abort', () => wake(), { once: true });
        }),
      [Symbol.dispose]() {
        following -= 1;
        own.delete(tell);
      },
    };
  },
  async read(_, id) {
    reads += 1;
    return readGeneration(id);
  },
  async cancel(_, id) {
    readGeneration(id);
    change(id, { status: 'cancelled' });
    return readGeneration(id);
  },
};

function change(id: string, told: Partial<Generation>): void {
  const before = generations.get(id) ?? generationOf({ id });
  generations.set(id, { ...before, version: before.version + 1, ...told });
  for (const tell of watchers.get(id) ?? []) tell();
}

function open(limits = socketLimits) {
  const sent: Sent[] = [];
  const state = { closed: undefined as [number, string] | undefined, pings: 0, isCut: false, isSilent: false };
  /** While it is there, nothing leaves. */
  let stuck: Promise<void> | undefined;
  let free = () => {};
  const peer: Peer = {
    async send(text) {
      await stuck;
      sent.push(JSON.parse(text));
    },
    ping() {
      state.pings += 1;
      if (!state.isSilent) session.alive();
    },
    close(...told) {
      state.closed = told;
    },
    cut() {
      state.isCut = true;
    },
  };
  const session: Session = new Session(peer, {
    desk,
    language: 'en',
    requestId: 'test',
    log: { error: () => {} },
    limits,
  });
  return {
    ...{ sent, state, session },
    async say(...messages: object[]) {
      for (const message of messages) session.receive(JSON.stringify(message));
      await settle();
    },
    stick() {
      stuck = new Promise((resolve) => {
        free = () => {
          stuck = undefined;
          resolve();
        };
      });
    },
    async unstick() {
      free();
      await settle();
    },
  };
}
const settle = () => vi.advanceTimersByTimeAsync(0);
const authorize = { type: 'authorize', token: 'good' };
const follow = (id: string) => ({ type: 'follow', id });
const newGeneration = (told: Partial<Generation> = {}) => {
  const made = generationOf(told);
  generations.set(made.id, made);
  return made.id;
};
const shown = (sent: Sent[]) => sent.filter(({ type }) => type === 'image').map(({ image }) => image.version);

describe('authorization', () => {
  it('is the first message, and tells how long it is good for', async () => {
    const { sent, say, state } = open();
    await say(authorize);
    expect(sent).toEqual([{ type: 'authorized', until: tokens.get('good')?.until?.toISOString() }]);
    expect(state.closed).toBeUndefined();
  });

  it.each([
    ['another message', { type: 'follow', id: crypto.randomUUID() }],
    ['no message of the protocol', { hello: 'world' }],
    ['a token that is not good', { type: 'authorize', token: 'forged' }],
  ])('in place of which comes %s ends the socket with 4401', async (_, message) => {
    const { say, state } = open();
    await say(message);
    expect(state.closed?.[0]).toBe(4401);
  });

  it('that does not come within 10 s ends the socket with 4401', async () => {
    const { state } = open();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(state.closed).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state.closed?.[0]).toBe(4401);
  });

  it('ends with its token, unless a newer one was sent', async () => {
    const idle = open();
    const renewed = open();
    for (const one of [idle, renewed]) await one.say(authorize);
    await renewed.say({ type: 'authorize', token: 'newer' });
    await vi.advanceTimersByTimeAsync(HOUR_MS / 2 - 1_000);
    expect([idle.state.closed, renewed.state.closed]).toEqual([undefined, undefined]);
    await vi.advanceTimersByTimeAsync(1_100);
    expect([idle.state.closed?.[0], renewed.state.closed]).toEqual([4401, undefined]);
  });

  it('ends soon after the key was revoked', async () => {
    const { say, state } = open();
    await say({ type: 'authorize', token: 'key' });
    tokens.delete('key');
    await vi.advanceTimersByTimeAsync(socketLimits.pingMs);
    expect(state.closed?.[0]).toBe(4401);
  });

  it('cannot be passed on to somebody else', async () => {
    const { say, state } = open();
    await say(authorize, { type: 'authorize', token: 'of boris' });
    expect(state.closed?.[0]).toBe(4401);
  });

  it('is refused to the sixth socket of a person with 4429, until one of the others has gone', async () => {
    const sockets = Array.from({ length: 5 }, () => open());
    for (const { say } of sockets) await say(authorize);
    const sixth = open();
    await sixth.say(authorize);
    expect(sixth.state.closed?.[0]).toBe(4429);
    const other = open();
    await other.say({ type: 'authorize', token: 'of boris' });
    sockets[0]?.session.end();
    const seventh = open();
    await seventh.say(authorize);
    expect([other.state.closed, seventh.state.closed]).toEqual([undefined, undefined]);
  });
});

describe('following', () => {
  it('gives the state, each change, and nothing after the end', async () => {
    const { sent, say } = open();
    const id = newGeneration();
    await say(authorize, follow(id));
    change(id, { status: 'running', progress: { done: 1, total: 4 } });
    await settle();
    change(id, { status: 'done' });
    await settle();
    expect(sent.slice(1)).toMatchObject([
      { type: 'image', image: { id, status: 'queued', version: 1, position: 1 } },
      { type: 'image', image: { status: 'running', progress: { done: 1, total: 4 } } },
      { type: 'image', image: { status: 'done', version: 3 } },
    ]);
    expect(following).toBe(0);
  });

  it('continues after a failure, since the picture may come late', async () => {
    const { sent, say } = open();
    const id = newGeneration({ status: 'failed', reason: 'timed-out' });
    await say(authorize, follow(id));
    change(id, { status: 'done', late: true });
    await settle();
    expect(sent.slice(1)).toMatchObject([
      { image: { status: 'failed', reason: { code: 'timed-out' } } },
      { image: { status: 'done', late: true } },
    ]);
  });

  it('never goes back to an older state (case 28)', async () => {
    const { sent, say } = open();
    const id = newGeneration({ version: 5 });
    await say(authorize, follow(id));
    change(id, { version: 4, status: 'running' });
    await settle();
    change(id, { version: 6, status: 'running' });
    await settle();
    expect(shown(sent)).toEqual([5, 6]);
  });

  it('tells of a place in the line that changed without a change of the generation', async () => {
    const { sent, say } = open();
    const id = newGeneration({ position: 3 });
    await say(authorize, follow(id));
    generations.set(id, generationOf({ id, position: 2 }));
    await vi.advanceTimersByTimeAsync(2 * socketLimits.heartbeatMs);
    expect(sent.slice(1).map(({ image }) => image.position)).toEqual([3, 2]);
  });

  it('of what is not there, or is deleted, ends with a problem', async () => {
    const { sent, say } = open();
    const [missing, deleted] = [crypto.randomUUID(), newGeneration()];
    await say(authorize, follow(missing), follow(deleted));
    generations.delete(deleted);
    for (const tell of watchers.get(deleted) ?? []) tell();
    await settle();
    const problems = sent.filter(({ type }) => type === 'problem');
    expect(problems).toMatchObject([
      { about: 'follow', id: missing, problem: { type: 'urn:pandect:problem:not-found', status: 404 } },
      { about: 'follow', id: deleted, problem: { type: 'urn:pandect:problem:not-found' } },
    ]);
    expect(following).toBe(0);
  });

  it('ends with "unfollow", and with the socket', async () => {
    const { sent, say, session } = open();
    const [one, two] = [newGeneration(), newGeneration()];
    await say(authorize, follow(one), follow(two), { type: 'unfollow', id: one });
    change(one, { status: 'running' });
    await settle();
    expect([shown(sent), following]).toEqual([[1, 1], 1]);
    session.end();
    await settle();
    change(two, { status: 'running' });
    await settle();
    expect([shown(sent), following]).toEqual([[1, 1], 0]);
  });

  it('is possible for 50 generations, of which none counts twice; one more ends the socket with 4429', async () => {
    const { say, state } = open();
    const ids = Array.from({ length: 51 }, () => newGeneration());
    await say(authorize, ...ids.slice(0, 50).map(follow), follow(ids[0] as string));
    expect([state.closed, following]).toEqual([undefined, 50]);
    await say(follow(ids[50] as string));
    expect(state.closed?.[0]).toBe(4429);
    await settle();
    expect(following).toBe(0);
  });
});

describe('a slow reader', () => {
  it('gets the newest state of each generation, and none of those in between', async () => {
    const { sent, say, stick, unstick } = open();
    const [one, two] = [newGeneration(), newGeneration()];
    await say(authorize, follow(one), follow(two));
    stick();
    for (let version = 2; version <= 40; version++) {
      change(one, { version });
      change(two, { version });
      await settle();
    }
    const before = reads;
    await unstick();
    // One was on its way when the reader stopped.
    expect(shown(sent)).toEqual([1, 1, 2, 40, 40]);
    expect(reads - before).toBe(2);
  });

  it('that takes nothing for 10 s is closed with 4408', async () => {
    const { say, stick, state } = open();
    const id = newGeneration();
    await say(authorize, follow(id));
    stick();
    change(id, { status: 'running' });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(state.closed).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state.closed?.[0]).toBe(4408);
  });
});

describe('a message', () => {
  it('cancels a generation, followed or not', async () => {
    const { sent, say } = open();
    const [one, two] = [newGeneration(), newGeneration()];
    await say(authorize, { type: 'cancel', id: one }, follow(two), { type: 'cancel', id: two });
    expect(sent.filter(({ image }) => image?.status === 'cancelled').map(({ image }) => image.id)).toEqual([one, two]);
    await say({ type: 'cancel', id: crypto.randomUUID() });
    expect(sent.at(-1)).toMatchObject({ type: 'problem', about: 'cancel', problem: { status: 404 } });
  });

  it.each([
    ['{', 'message', 'malformed-json'],
    ['{"type":"dance"}', 'message', 'invalid-request'],
    ['{"type":"follow","id":"../x"}', 'message', 'invalid-request'],
    [`{"type":"follow","id":"${crypto.randomUUID()}","more":1}`, 'message', 'invalid-request'],
  ])('that is malformed is answered with a problem: %s', async (text, about, type) => {
    const { sent, say, session, state } = open();
    await say(authorize);
    session.receive(text);
    await settle();
    expect(sent.at(-1)).toMatchObject({ type: 'problem', about, problem: { type: `urn:pandect:problem:${type}` } });
    expect(state.closed).toBeUndefined();
  });

  it('beyond what a client can mean ends the socket with 4429', async () => {
    const { say, state } = open();
    await say(authorize, ...Array.from({ length: 200 }, () => ({ type: 'unfollow', id: crypto.randomUUID() })));
    expect(state.closed?.[0]).toBe(4429);
  });

  it('that is not text ends the socket with 1003', () => {
    const { session, state } = open();
    session.receiveBytes();
    expect(state.closed?.[0]).toBe(1003);
  });
});

describe('a socket', () => {
  it('is pinged each 25 s, and cut when two pings are not answered', async () => {
    const { say, state } = open();
    await say({ type: 'authorize', token: 'key' });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(state).toMatchObject({ pings: 4, isCut: false });
    state.isSilent = true;
    await vi.advanceTimersByTimeAsync(50_000);
    expect(state).toMatchObject({ pings: 6, isCut: false });
    await vi.advanceTimersByTimeAsync(25_000);
    expect(state.isCut).toBe(true);
  });

  it('is told to go on after an hour with 1001', async () => {
    const { say, state } = open();
    await say({ type: 'authorize', token: 'key' });
    await vi.advanceTimersByTimeAsync(HOUR_MS - 1);
    expect(state.closed).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state.closed).toEqual([1001, 'go on']);
  });

  it('leaves no timer when it has ended', async () => {
    const { say, session } = open();
    await say(authorize, follow(newGeneration()));
    session.end();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});
