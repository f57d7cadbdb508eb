import { createPause } from '../../../platform/capabilities/rates/index.ts';
import type { Redis } from '../../../platform/capabilities/redis.ts';

export interface LeaseTimes {
  /** A lease of a dead process ends after this time. */
  leaseMs: number;
  /** A living one renews it so often. */
  renewMs: number;
}

export const leaseTimes: LeaseTimes = { leaseMs: 60_000, renewMs: 15_000 };

/** Between two looks at a Redis that failed; calls in the meantime do without it at once. */
const PAUSE_MS = 1_000;
/** A process that is busy hears of an answer only after its time: one such failure is no sign that Redis is unavailable. */
const ATTEMPTS = 2;

/**
 * Leases in sorted sets by their expiry: who is in progress, over all processes. What this process holds is renewed by one timer for all, so
 * that it ends with its process; a renewal also brings back what Redis lost.
 */
export interface Leases {
  readonly leaseMs: number;
  /**
   * Has a new lease taken.
   * @param ask one call of Redis; undefined says that it lost a lease of this process, whereupon it is asked once more
   * @param undo of a lease of which it is not known whether it was taken
   * @returns undefined while Redis is unavailable
   */
  take<T extends object>(
    ask: (lease: string) => Promise<T | undefined>,
    undo: (lease: string) => void,
  ): Promise<{ lease: string; answer: T } | undefined>;
  /** Keeps a lease, which is in Redis already or gets there with the next renewal. */
  hold(set: string, lease: string): void;
  drop(set: string, lease: string): void;
  /** One of this process, by which Redis sees whether it lost the set; an empty string without any. */
  anyOf(set: string): string;
  close(): void;
}

const renewAll = `
local time = redis.call('time')
local expiry = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
for index = 2, #ARGV do redis.call('zadd', KEYS[1], string.format('%.0f', expiry), ARGV[index]) end
return redis.call('pexpire', KEYS[1], ARGV[1])`;

export function createLeases(redis: Redis, { leaseMs, renewMs }: LeaseTimes = leaseTimes): Leases {
  const held = new Map<string, Set<string>>();
  const pause = createPause(PAUSE_MS);
  /** Something was taken without Redis, which it does not know. */
  let isBehind = false;
  // Sent whole: a second attempt could bring back a lease that was dropped since the first.
  const renew = async () => {
    await Promise.allSettled([...held].map(([set, leases]) => redis.eval(renewAll, 1, set, leaseMs, ...leases)));
  };
  const timer = setInterval(renew, renewMs).unref();
  // It may have lost what it held.
  redis.on('ready', renew);

  return {
    leaseMs,
    async take(ask, undo) {
      if (!pause.isOver()) {
        isBehind = true;
        return undefined;
      }
      for (let attempt = 1; attempt <= ATTEMPTS && redis.status === 'ready'; attempt += 1) {
        const lease = crypto.randomUUID();
        try {
          if (isBehind) {
            isBehind = false;
            await renew();
          }
          let answer = await ask(lease);
          if (!answer) {
            await renew();
            answer = await ask(lease);
          }
          pause.end();
          return answer && { lease, answer };
        } catch {
          undo(lease);
        }
      }
      isBehind = true;
      pause.begin();
      return undefined;
    },
    hold(set, lease) {
      const leases = held.get(set) ?? new Set();
      held.set(set, leases.add(lease));
    },
    drop(set, lease) {
      const leases = held.get(set);
      leases?.delete(lease);
      if (leases?.size === 0) held.delete(set);
    },
    anyOf(set) {
      for (const lease of held.get(set) ?? []) return lease;
      return '';
    },
    close() {
      clearInterval(timer);
      redis.off('ready', renew);
    },
  };
}
