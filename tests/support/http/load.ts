import { setTimeout as sleep } from 'node:timers/promises';

/** A request that is repeated; rejects or throws when the answer is not the wanted one. */
export interface Visitor {
  name: string;
  visit(): Promise<void>;
}

export interface Load {
  /** Ends it. */
  stop(): Promise<{ requests: Record<string, number>; failures: string[] }>;
}

/** What is tested is that nothing fails, not how much the machine can bear. */
const PAUSE_MS = 100;

/** Keeps all visitors busy, each with one request at a time, until it is stopped. */
export function startLoad(visitors: readonly Visitor[]): Load {
  const requests: Record<string, number> = {};
  const failures: string[] = [];
  let running = true;
  const loops = visitors.map(async ({ name, visit }) => {
    while (running) {
      try {
        await visit();
      } catch (error) {
        const { message, cause } = error as Error;
        failures.push(`${name}: ${message}${cause instanceof Error ? `: ${cause.message}` : ''}`);
      }
      requests[name] = (requests[name] ?? 0) + 1;
      await sleep(PAUSE_MS);
    }
  });
  return {
    async stop() {
      running = false;
      await Promise.all(loops);
      return { requests, failures };
    },
  };
}
