import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.ts';
import type { Outage } from './chaos-outages.ts';

/** Something that can be killed, and how to see that it is back. */
export interface Victim {
  part: string;
  pid(): Promise<number>;
  /** Brings it back where nothing else does. */
  restart?(): Promise<void>;
  /** Resolves when it does its work again. */
  back(): Promise<void>;
}

export interface Chaos {
  readonly outages: readonly Outage[];
  /** Process ids that were killed. */
  readonly killed: ReadonlySet<number>;
  /** Kills these together and waits until all are back. */
  kill(...victims: readonly Victim[]): Promise<void>;
}

export function createChaos(): Chaos {
  const outages: Outage[] = [];
  const killed = new Set<number>();
  return {
    outages,
    killed,
    async kill(...victims) {
      const pids = await Promise.all(victims.map(({ pid }) => pid()));
      const marks = victims.map(({ part }): Outage => ({ part, from: performance.now(), until: Infinity }));
      outages.push(...marks);
      for (const pid of pids) {
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
      }
      await Promise.all(
        victims.map(async ({ restart, back }, index) => {
          await restart?.();
          await back();
          (marks[index] as Outage).until = performance.now();
        }),
      );
    },
  };
}

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(random: () => number, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)] as T;

export function shuffled<T>(random: () => number, items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0] as T);
}

/** Asks until the answer is 200; requests that are begun while it is unavailable may fail. */
export async function untilAnswers(ask: (signal: AbortSignal) => Promise<Response>): Promise<void> {
  await until(
    'an answer',
    async () => {
      const response = await ask(AbortSignal.timeout(10_000)).catch(() => undefined);
      await response?.text();
      return response?.status === 200 ? true : undefined;
    },
    60,
  );
}

export const pause = (random: () => number, leastMs: number, mostMs: number): Promise<void> =>
  sleep(leastMs + random() * (mostMs - leastMs));
