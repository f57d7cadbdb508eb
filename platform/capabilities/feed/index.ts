import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';

/** Changes of one record, from the subscription on; it ends with `using`. */
export interface Changes extends Disposable {
  /** Resolves when something has changed since it resolved last, however often, or after this many milliseconds, or when aborted. */
  next(withinMs: number, signal?: AbortSignal): Promise<void>;
}

/** Says that a record of a topic has changed. Only ids travel; readers look the rest up, so that each sees what it may see. */
export interface Feed {
  /** @param topic a kind of record, such as `document` */
  subscribe(topic: string, id: string): Promise<Changes>;
}

/** Of all topics: a channel for each would be a connection for each, in every process. */
const CHANNEL = 'changes';
const payloadOf = (topic: string, id: string) => `${topic} ${id}`;

/** Announces a change of a record; it is heard when the transaction commits. */
export async function announce(tx: Transaction, topic: string, id: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${CHANNEL}, ${payloadOf(topic, id)})`);
}

/** One database connection listens for all subscribers in this process; it is opened for the first of them. */
export function createFeed(database: Pick<Database, 'listen'>): Feed {
  /** By the payload that each waits for. */
  const subscribers = new Map<string, Set<() => void>>();
  const notify = (payload: string) => {
    for (const tell of subscribers.get(payload) ?? []) tell();
  };
  // After a lost connection all look once, since changes in between were not heard.
  const notifyAll = () => {
    for (const payload of subscribers.keys()) notify(payload);
  };
  let listening: Promise<unknown> | undefined;
  return {
    async subscribe(topic, id) {
      listening ??= database.listen(CHANNEL, notify, notifyAll).catch((error: unknown) => {
        listening = undefined;
        throw error;
      });
      await listening;
      const payload = payloadOf(topic, id);
      const mine = createMailbox(() => {
        ofRecord.delete(mine.notify);
        if (ofRecord.size === 0) subscribers.delete(payload);
      });
      const ofRecord = subscribers.get(payload) ?? new Set();
      subscribers.set(payload, ofRecord.add(mine.notify));
      return mine.changes;
    },
  };
}

/** Holds at most one change: a slow reader gets the newest state, not a queue of old ones. */
function createMailbox(onEnd: () => void): { notify(): void; changes: Changes } {
  let changed = false;
  let wake = () => {};
  return {
    notify() {
      changed = true;
      wake();
    },
    changes: {
      async next(withinMs, signal) {
        if (!changed && !signal?.aborted) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(() => wake(), withinMs);
            wake = () => {
              clearTimeout(timer);
              signal?.removeEventListener('abort', wake);
              resolve();
            };
            signal?.addEventListener('abort', wake);
          });
        }
        changed = false;
      },
      [Symbol.dispose]: onEnd,
    },
  };
}
