import { afterEach, beforeEach, vi } from 'vitest';
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
export type Sent = any;

export const anna: Caller = { userId: 'anna', organizationId: 'one', role: 'member' };
export const boris: Caller = { userId: 'boris', organizationId: 'one', role: 'member' };
export const HOUR_MS = 3_600_000;

export let tokens: Map<string, { caller: Caller; until?: Date }>;
export let generations: Map<string, Generation>;
export let seats: ReturnType<typeof createSeats>;
export let reads: number;
export let following: number;
export let watchers: Map<string, Set<() => void>>;

/** Begins each test of a file without a socket, and with a clock that it moves itself. */
export function sessionScene(): void {
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
}

export const readGeneration = (id: string) => {
  const found = generations.get(id);
  if (!found) throw new Problem(notFound);
  return toImage(found, 'en');
};
export const desk: Desk = {
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

export function change(id: string, told: Partial<Generation>): void {
  const before = generations.get(id) ?? generationOf({ id });
  generations.set(id, { ...before, version: before.version + 1, ...told });
  for (const tell of watchers.get(id) ?? []) tell();
}

export function open(limits = socketLimits) {
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
export const settle = () => vi.advanceTimersByTimeAsync(0);
export const authorize = { type: 'authorize', token: 'good' };
export const follow = (id: string) => ({ type: 'follow', id });
export const newGeneration = (told: Partial<Generation> = {}) => {
  const made = generationOf(told);
  generations.set(made.id, made);
  return made.id;
};
export const shown = (sent: Sent[]) => sent.filter(({ type }) => type === 'image').map(({ image }) => image.version);
