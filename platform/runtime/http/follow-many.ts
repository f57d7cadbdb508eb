import type { Context } from 'hono';
import type { GroupChanges } from '../../capabilities/feed/index.ts';
import { answerWithMessages, failureMessage, HEARTBEAT_MS, type Message } from './follow.ts';
import type { RouterEnv } from './router-env.ts';

export interface FollowedMany<T> {
  /** To the changes of all records, as the feed gives them. */
  subscribe(): Promise<GroupChanges>;
  /** Those of these records that there still are, as the caller sees them now. */
  read(ids: readonly string[]): Promise<T[]>;
  idOf(record: T): string;
  /** Whether the caller may still follow; asked at each sign of life. */
  isAllowed(): Promise<boolean>;
  /** Milliseconds; 15,000 unless given. */
  heartbeat?: number;
}

/**
 * Answers with the new state of each record of a group that changes, as events `status`, and with `deleted` for one that is
 * gone; over a WebSocket where the request asks for one. `list` says that the list is to be read again: it comes first, and
 * where changes were not heard or were too many. It ends when the caller may no longer follow.
 */
export async function followMany<T>(c: Context<RouterEnv>, followed: FollowedMany<T>): Promise<Response> {
  return answerWithMessages(c, (signal) => messagesOf(c, followed, signal));
}

async function* messagesOf<T>(
  c: Context<RouterEnv>,
  { subscribe, read, idOf, isAllowed, heartbeat = HEARTBEAT_MS }: FollowedMany<T>,
  signal: AbortSignal,
): AsyncGenerator<Message | undefined> {
  try {
    using changes = await subscribe();
    let allowedAt = Date.now();
    yield list;
    while (!signal.aborted) {
      const ids = await changes.next(heartbeat, signal);
      if (Date.now() - allowedAt >= heartbeat) {
        if (!(await isAllowed())) return;
        allowedAt = Date.now();
      }
      if (ids === 'many') yield list;
      else if (ids.length === 0) yield undefined;
      else yield* changesOf(ids, await read(ids), idOf);
    }
  } catch (error) {
    const last = failureMessage(c, error);
    if (last) yield last;
  }
}

const list: Message = { event: 'list', data: '{}' };

function* changesOf<T>(ids: readonly string[], records: readonly T[], idOf: (record: T) => string): Generator<Message> {
  const found = new Map(records.map((record) => [idOf(record), record]));
  for (const id of ids) {
    const record = found.get(id);
    if (record === undefined) yield { event: 'deleted', data: JSON.stringify({ id }) };
    else yield { event: 'status', data: JSON.stringify(record) };
  }
}
