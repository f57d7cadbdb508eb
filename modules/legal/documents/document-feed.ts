import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';

/** Tells who waits for a document that something about it changed. Only ids travel; readers look the rest up. */
export interface DocumentFeed {
  /** Calls back after each change until the returned function is called. */
  subscribe(documentId: string, onChange: () => void): Promise<() => void>;
}

const CHANNEL = 'document_changes';

/** One database connection listens for all who wait in this process; it is opened for the first of them. */
export function createDocumentFeed(database: Database): DocumentFeed {
  const waiting = new Map<string, Set<() => void>>();
  const wake = (documentId: string) => {
    for (const onChange of waiting.get(documentId) ?? []) onChange();
  };
  // After a lost connection everybody looks once, since changes in between were not heard.
  const wakeAll = () => {
    for (const documentId of waiting.keys()) wake(documentId);
  };
  let listening: Promise<unknown> | undefined;

  return {
    async subscribe(documentId, onChange) {
      listening ??= database.listen(CHANNEL, wake, wakeAll).catch((error: unknown) => {
        listening = undefined;
        throw error;
      });
      await listening;
      const callbacks = waiting.get(documentId) ?? new Set();
      waiting.set(documentId, callbacks.add(onChange));
      return () => {
        callbacks.delete(onChange);
        if (callbacks.size === 0) waiting.delete(documentId);
      };
    },
  };
}

/** Announces a change; it is heard when the transaction commits. */
export async function announceChange(tx: Transaction, documentId: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${CHANNEL}, ${documentId})`);
}

export { stalledSince } from './stalled.ts';
