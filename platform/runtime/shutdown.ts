import type { Log } from '../kernel/log.ts';

/**
 * Two stages: the first signal lets what runs come to its end, the second ends the process at once.
 * @param finish lets work end and closes everything
 */
export function onShutdown(log: Log, finish: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130);
    stopping = true;
    log.debug({ signal }, 'Stop: draining');
    finish().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, 'Stop: did not end cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
