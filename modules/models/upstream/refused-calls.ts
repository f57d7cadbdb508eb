import type { Redis } from '../../../platform/capabilities/redis.ts';

/** Calls of a key that were answered with 429, by days of UTC. */
export interface RefusedCount {
  today: number;
  yesterday: number;
}

/** Counts over all processes what keys were refused: a number for each key and day, and none while Redis is unavailable. */
export interface RefusedCalls {
  note(keyId: string): void;
  count(keyIds: readonly string[]): Promise<Map<string, RefusedCount>>;
  /** Writes down what it holds. */
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
const KEPT_SECONDS = (2 * DAY_MS) / 1000;
/** Refusals come in thousands from a program that does not wait; they are written together. */
const TOGETHER_MS = 1_000;

export function createRefusedCalls(redis: Redis, prefix: string, now: () => number = Date.now): RefusedCalls {
  const setOf = (day: number) => `${prefix}:gateway:refused:${day}`;
  const dayNow = () => Math.floor(now() / DAY_MS);
  let held = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const counted = held;
    held = new Map();
    if (counted.size === 0) return;
    const set = setOf(dayNow());
    const writes = redis.multi();
    for (const [keyId, count] of counted) writes.zadd(set, 'INCR', count, keyId);
    await writes
      .expire(set, KEPT_SECONDS)
      .exec()
      .catch(() => {});
  };
  return {
    note(keyId) {
      held.set(keyId, (held.get(keyId) ?? 0) + 1);
      timer ??= setTimeout(() => void flush(), TOGETHER_MS).unref();
    },
    async count(keyIds) {
      const day = dayNow();
      const reads = redis.pipeline();
      for (const keyId of keyIds) reads.zscore(setOf(day), keyId).zscore(setOf(day - 1), keyId);
      const answers = (await reads.exec().catch(() => null)) ?? [];
      const numberAt = (index: number) => Number(answers[index]?.[1] ?? 0);
      return new Map(
        keyIds.map((keyId, index) => [keyId, { today: numberAt(2 * index), yesterday: numberAt(2 * index + 1) }]),
      );
    },
    close: flush,
  };
}
