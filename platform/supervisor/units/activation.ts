import type { Log } from '../../kernel/log.ts';
import type { Wake } from '../control/contract.ts';
import { isBackingOff } from '../process/backoff.ts';
import { readReport } from '../process/probe.ts';
import { createActivator } from '../traffic/activator.ts';
import { wakePath } from '../traffic/socket-path.ts';
import type { ReleaseProcesses } from './release-processes.ts';

/** What happens to a function's requests while none of its processes is alive: they are held, and it is woken. */
export interface Activation {
  /** The last wakes, newest last. */
  readonly wakes: readonly Wake[];
  /** Wakes since the supervisor began. */
  count(): number;
  /** Requests that wait. */
  held(): number;
  listen(): Promise<void>;
  close(): Promise<void>;
}

const KEPT_WAKES = 200;

interface ActivationOptions {
  name: string;
  /** The release that serves; asked at each wake. */
  current(): ReleaseProcesses | undefined;
  run: string;
  /** Whom the edge runs as. */
  edgeUser: { uid: number; gid: number } | undefined;
  log: Log;
}

export function createActivation({ name, current, run, edgeUser, log }: ActivationOptions): Activation {
  const wakes: Wake[] = [];
  let count = 0;

  const wake = async () => {
    const began = performance.timeOrigin + performance.now();
    const processes = current();
    if (!processes) throw new Error(`Wake "${name}": it has no release`);
    if (isBackingOff(processes.backoffMs)) throw new Error(`Wake "${name}": it crashes again and again`);
    const wasAsleep = processes.wanted === 0;
    if (wasAsleep) {
      count++;
      await processes.scale(1);
    }
    const instance = await processes.nextReady();
    if (wasAsleep) void measure(began, performance.timeOrigin + performance.now(), instance.spawnedAt, instance.socket);
    return { socket: instance.socket };
  };

  const measure = async (began: number, ended: number, spawned: number, socket: string) => {
    const report = await readReport(socket);
    if (!report) return;
    // A process that was started ahead of its time had begun, and maybe loaded its code, before it was asked for.
    const process = Math.max(report.started.process, spawned);
    const loaded = Math.max(report.started.loaded, process);
    const stages = { queued: spawned - began, spawn: process - spawned, load: loaded - process, ready: ended - loaded };
    const rounded = Object.fromEntries(
      Object.entries(stages).map(([stage, ms]) => [stage, Math.max(0, Math.round(ms))]),
    );
    const wake = { at: new Date(began).toISOString(), ...(rounded as typeof stages), total: Math.round(ended - began) };
    wakes.push(wake);
    wakes.splice(0, wakes.length - KEPT_WAKES);
    log.info({ unit: name, ...wake }, 'Woken');
  };

  const activator = createActivator({
    path: wakePath(run, name),
    user: edgeUser,
    wake,
    log: log.child({ unit: name }),
  });
  return { wakes, count: () => count, held: activator.held, listen: activator.listen, close: () => activator.close() };
}
