import type { Redis } from '../redis.ts';
import { redisScript } from '../redis-script.ts';

/**
 * Events of work in progress, for readers in any process: lists in Redis that expire. Nothing may depend on them being there, as Redis may be
 * unavailable or full; what the work comes to is stored elsewhere.
 */
export interface EventLog {
  /** @param id of one run of the work @param seconds that the events are kept after the last one */
  open(id: string, seconds: number): EventWriter;
  /** Events from a position on, at most 200 of them; undefined while Redis is unavailable. */
  read(id: string, from: number): Promise<unknown[] | undefined>;
}

export interface EventWriter {
  /** Plain JSON. Returns at once. */
  push(event: unknown): void;
  /** Waits a moment for what was pushed to be written. */
  close(): Promise<void>;
}

/** Characters of one run; later events are not written. */
const MOST_CHARACTERS = 1_000_000;
/** Events that are read at once. */
const MOST_READ = 200;
const CLOSING_ATTEMPTS = 3;

/**
 * Appends what the list lacks: writing the same events twice is no harm, and a list that was lost is begun again by the writer.
 * KEYS: the list. ARGV: the position of the first event given, milliseconds to keep it, events. Returns how many it holds.
 */
const append = `
local held = redis.call('llen', KEYS[1])
local from = tonumber(ARGV[1])
if held < from then return held end
for i = 3 + held - from, #ARGV do redis.call('rpush', KEYS[1], ARGV[i]) end
redis.call('pexpire', KEYS[1], ARGV[2])
return redis.call('llen', KEYS[1])`;

export function createEventLog(redis: Redis, prefix: string): EventLog {
  const write = redisScript(redis, append);
  const keyOf = (id: string) => `${prefix}:events:${id}`;
  return {
    open(id, seconds) {
      const events: string[] = [];
      let characters = 0;
      let held = 0;
      let writing: Promise<void> | undefined;
      const writeOnce = async () => {
        held = Number(await write([keyOf(id)], [held, seconds * 1000, ...events.slice(held)]));
      };
      /** Writes until all is written or Redis fails; the next event tries again. */
      const writeAll = async () => {
        while (held < events.length) await writeOnce();
      };
      const begin = () => {
        writing ??= writeAll()
          .catch(() => {})
          .finally(() => {
            writing = undefined;
          });
        return writing;
      };
      return {
        push(event) {
          const text = JSON.stringify(event);
          characters += text.length;
          if (characters > MOST_CHARACTERS) return;
          events.push(text);
          void begin();
        },
        async close() {
          for (let attempt = 0; attempt < CLOSING_ATTEMPTS && held < events.length; attempt++) await begin();
        },
      };
    },
    async read(id, from) {
      try {
        const texts = await redis.lrange(keyOf(id), from, from + MOST_READ - 1);
        return texts.map((text) => JSON.parse(text));
      } catch {
        return undefined;
      }
    },
  };
}
