import { createLog, type Log, type LogOptions } from '../kernel/log.ts';

/**
 * Two stages: the first signal lets what runs come to its end, SIGINT after that ends the process at once. A second SIGTERM does
 * nothing: a supervisor that took the process over cannot know whether the one before it had sent the first.
 * @param finish lets work end and closes everything
 */
export function onShutdown(log: Log, finish: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping && signal === 'SIGINT') process.exit(130);
    if (stopping) return;
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

/**
 * Ends the process with one line in the log for whatever no one caught, failures of its start included: what it did not
 * foresee may have left it in any state, and the supervisor starts another. Node's own report would show the parameters
 * of failed queries.
 */
export function endOnFailure(name: string, output?: LogOptions['output']): void {
  process.on('uncaughtException', (error, origin) => {
    const instance = process.env.PANDECT_INSTANCE;
    const log = createLog({ level: 'fatal', fields: { process: name, ...(instance && { instance }) }, output });
    log.fatal({ error, origin }, 'Process failed');
    process.exit(1);
  });
}
