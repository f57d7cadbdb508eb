import type { Log } from '../kernel/log.ts';
import { isAlive, type Service } from '../services/processes.ts';

/** A server next to the functions, and how to start it again. */
export interface WatchedService {
  service: Service;
  restarts: number;
  start(): Promise<Service>;
}

const LOOK_MS = 1_000;

/** Looks after what has no other owner: servers that died are started again. */
export function startUpkeep(services: Record<string, WatchedService>, log: Log): { stop(): Promise<void> } {
  let stopped = false;
  let current: Promise<void> = Promise.resolve();

  const look = async () => {
    for (const [name, watched] of Object.entries(services)) {
      if (stopped || (await isAlive(watched.service.pid))) continue;
      log.error({ service: name, pid: watched.service.pid }, 'Service ended; starting it again');
      watched.service = await watched.start();
      watched.restarts++;
    }
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    current = look()
      .catch((error: unknown) => log.error({ error }, 'Upkeep failed; it is tried again'))
      .finally(() => {
        busy = false;
      });
  }, LOOK_MS);

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await current;
    },
  };
}
