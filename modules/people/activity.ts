import type { Redis } from '../../platform/capabilities/redis.ts';

/** Who was active lately, as a number only: a HyperLogLog a minute, nothing that names a person. */
export interface Activity {
  seen(userId: string): void;
  /** Distinct users of the last 15 minutes, within about 1 %; 0 while Redis is unavailable. */
  count(): Promise<number>;
}

const MINUTES = 15;

export function createActivity(redis: Redis, prefix: string, now: () => number = Date.now): Activity {
  const key = (minute: number) => `${prefix}:active:${minute}`;
  const minuteNow = () => Math.floor(now() / 60_000);
  let current = 0;
  let known = new Set<string>();
  return {
    seen(userId) {
      const minute = minuteNow();
      if (minute !== current) {
        current = minute;
        known = new Set();
      }
      if (known.has(userId)) return;
      known.add(userId);
      redis
        .multi()
        .pfadd(key(minute), userId)
        .expire(key(minute), (MINUTES + 1) * 60)
        .exec()
        .catch(() => {});
    },
    async count() {
      const minute = minuteNow();
      const keys = Array.from({ length: MINUTES }, (_, back) => key(minute - back));
      return redis.pfcount(...keys).catch(() => 0);
    },
  };
}
