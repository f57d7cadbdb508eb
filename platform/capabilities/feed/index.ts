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

const channelOf = (topic: string) => `${topic}_changes`;

/** Announces a change of a record; it is heard when the transaction commits. */
export async function announce(tx: Transaction, topic: string, id: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${channelOf(topic)}, ${id})`);
}

/** One database connection for each topic listens for all subscribers in this process; it is opened for the first of them. */
export function createFeed(database: Pick<Database, 'listen'>): Feed {
  const topics = new Map<string, Topic>();
  return {
    async subscribe(topic, id) {
      const { subscribers, listening } = topics.get(topic) ?? listenTo(topic);
      await listening;
      const mine = createMailbox(() => {
        ofRecord.delete(mine.notify);
        if (ofRecord.size === 0) subscribers.delete(id);
      });
      const ofRecord = subscribers.get(id) ?? new Set();
      subscribers.set(id, ofRecord.add(mine.notify));
      return mine.changes;
    },
  };

  function listenTo(topic: string): Topic {
    const subscribers: Topic['subscribers'] = new Map();
    const notify = (id: string) => {
      for (const tell of subscribers.get(id) ?? []) tell();
    };
    // After a lost connection all look once, since changes in between were not heard.
    const notifyAll = () => {
      for (const id of subscribers.keys()) notify(id);
    };
    const listening = database.listen(channelOf(topic), notify, notifyAll).catch((error: unknown) => {
      topics.delete(topic);
      throw error;
    });
    const made = { subscribers, listening };
    topics.set(topic, made);
    return made;
  }
}

interface Topic {
  subscribers: Map<string, Set<() => void>>;
  listening: Promise<unknown>;
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
