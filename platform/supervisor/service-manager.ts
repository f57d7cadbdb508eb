import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Log } from '../kernel/log.ts';

/** What a service manager is told, by the protocol of sd_notify(3). */
export interface ServiceManager {
  /**
   * The platform serves. From now on it is told at the wanted interval that this process is alive, until that ends: after
   * `pandect down`, requests and jobs may take longer to end than systemd waits for a silent one.
   */
  ready(status: string): Promise<void>;
}

type Environment = Record<string, string | undefined>;

const names = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'] as const;

/**
 * Takes what systemd gives its services out of the environment, so that no process of ours speaks in our name. Node opens no datagram
 * sockets of the file system, so the program of systemd sends the message, as from this process (`NotifyAccess=main`). A blocked event loop
 * sends none, and systemd then starts another supervisor, which takes over what serves.
 */
export function openServiceManager(environment: Environment): (log: Log) => ServiceManager {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC, WATCHDOG_PID } = environment;
  for (const name of names) delete environment[name];
  const isOurs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
  const watchdogMs = isOurs && WATCHDOG_USEC !== undefined ? Number(WATCHDOG_USEC) / 1_000 : undefined;
  return (log) => {
    const send = async (...message: string[]) => {
      if (socket === undefined) return;
      try {
        await promisify(execFile)('systemd-notify', message, {
          env: { PATH: environment.PATH, NOTIFY_SOCKET: socket },
          timeout: 10_000,
        });
      } catch (error) {
        log.warn({ error }, 'Tell systemd: not told');
      }
    };
    return {
      async ready(status) {
        await send('--ready', `--status=${status}`);
        if (watchdogMs === undefined) return;
        setInterval(() => void send('WATCHDOG=1'), watchdogMs / 3).unref();
      },
    };
  };
}
