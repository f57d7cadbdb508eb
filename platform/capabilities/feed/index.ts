import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';

/** Changes of one record, from the subscription on; it ends with `using`. */
export interface Changes extends Disposable {
  /** Resolves when something has changed since it resolved last, however often, or after this many milliseconds, or when aborted. */
  next(withinMs: number, signal?: AbortSignal): Promise<void>;
}

/** Changes of the records of a group, from the subscription on; it ends with `using`. */
export interface GroupChanges extends Disposable {
  /**
   * Resolves with the ids of what has changed since it resolved last, which are none after this many milliseconds or when
   * aborted; with 'many' where changes were not heard or were too many to be named.
   */
  next(withinMs: number, signal?: AbortSignal): Promise<string[] | 'many'>;
}

/** Says that a record of a topic has changed. Only ids travel; readers look the rest up, so that each sees what it may see. */
export interface Feed {
  /** @param topic a kind of record, such as `document` */
  subscribe(topic: string, id: string): Promise<Changes>;
  /** To all records of a topic that are announced with this group, such as an organization. */
  subscribeGroup(topic: string, group: string): Promise<GroupChanges>;
}

/** Of all topics: a channel for each would be a connection for each, in every process. */
const CHANNEL = 'changes';
const payloadOf = (topic: string, id: string) => `${topic} ${id}`;
/** Ids that wait for a slow reader. */
const MOST_WAITING = 1_000;

/** Announces a change of a record; it is heard when the transaction commits. */
export async function announce(tx: Transaction, topic: string, id: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${CHANNEL}, ${payloadOf(topic, id)})`);
}

/** Announces a change of a record to those who follow all of its group. */
export const announceInGroup = (tx: Transaction, topic: string, group: string, id: string): Promise<void> =>
  announce(tx, topic, `${group} ${id}`);

/** One database connection listens for all subscribers in this process; it is opened for the first of them. */
export function createFeed(database: Pick<Database, 'listen'>): Feed {
  /** By the payload that each waits for. */
  const subscribers = new Map<string, Set<Tell>>();
  const notify = (payload: string) => {
    for (const tell of subscribers.get(payload) ?? []) tell();
    const [topic = '', group, id] = payload.split(' ');
    if (group === undefined || id === undefined) return;
    for (const tell of subscribers.get(payloadOf(topic, group)) ?? []) tell(id);
  };
  // After a lost connection all look once, since changes in between were not heard.
  const notifyAll = () => {
    for (const tells of subscribers.values()) for (const tell of tells) tell();
  };
  let listening: Promise<unknown> | undefined;
  const mailboxFor = async (payload: string) => {
    listening ??= database.listen(CHANNEL, notify, notifyAll).catch((error: unknown) => {
      listening = undefined;
      throw error;
    });
    await listening;
    const mine = createMailbox(() => {
      ofRecord.delete(mine.tell);
      if (ofRecord.size === 0) subscribers.delete(payload);
    });
    const ofRecord = subscribers.get(payload) ?? new Set();
    subscribers.set(payload, ofRecord.add(mine.tell));
    return mine.changes;
  };
  return {
    async subscribe(topic, id) {
      const changes = await mailboxFor(payloadOf(topic, id));
      return {
        next: async (withinMs, signal) => void (await changes.next(withinMs, signal)),
        [Symbol.dispose]: changes[Symbol.dispose],
      };
    },
    subscribeGroup: (topic, group) => mailboxFor(payloadOf(topic, group)),
  };
}

/** Of a change: without an id of whatever is subscribed to. */
type Tell = (id?: string) => void;

/** Holds each id once: a slow reader gets the newest state, not a queue of old ones. */
function createMailbox(onEnd: () => void): { tell: Tell; changes: GroupChanges } {
  let changed: Set<string> | 'many' = new Set();
  let wake = () => {};
  return {
    tell(id) {
      if (id === undefined || changed === 'many' || changed.size >= MOST_WAITING) changed = 'many';
      else changed.add(id);
      wake();
    },
    changes: {
      async next(withinMs, signal) {
        if (changed !== 'many' && changed.size === 0 && !signal?.aborted) {
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
        const taken = changed;
        changed = new Set();
        return taken === 'many' ? 'many' : [...taken];
      },
      [Symbol.dispose]: onEnd,
    },
  };
}
