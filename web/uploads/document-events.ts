import type { Client, DocumentEvent } from '@pandect/client';

export interface DocumentFollower {
  /** Hears of changes of all documents; one connection serves all who listen. @returns what ends it */
  subscribe(listener: (event: DocumentEvent) => void): () => void;
}

/** After what does not pass by itself, such as a limit. */
const RETRY_MS = 30_000;

/** Is connected as long as somebody listens. */
export function createDocumentFollower(follow: Client['followDocuments']): DocumentFollower {
  const listeners = new Set<(event: DocumentEvent) => void>();
  let running: AbortController | undefined;

  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      try {
        for await (const event of follow(signal)) for (const listener of [...listeners]) listener(event);
      } catch {
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, RETRY_MS);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve(undefined);
          });
        });
      }
    }
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (!running) {
        running = new AbortController();
        void run(running.signal);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        running?.abort();
        running = undefined;
      };
    },
  };
}
