import type { Log } from '../kernel/log.ts';
import { startWatchdog } from './process/watchdog.ts';
import { byRole } from './units/state.ts';
import type { Units } from './units/units.ts';

/** Has every process that serves watched, and does what the watchdog says. */
export function watchProcesses(units: Pick<Units, 'all'>, log: Log): { stop(): void } {
  const serving = () =>
    units.all.flatMap(({ state }) =>
      byRole(state).flatMap(({ processes }) => processes.ready.map((instance) => ({ processes, instance }))),
    );
  return startWatchdog({
    targets: () =>
      serving().map(({ processes, instance: { id, unit, pid, socket } }) => ({
        ...{ id, unit, pid, socket },
        memoryMiB: processes.unit.manifest.memory,
      })),
    onVerdict({ id, unit, pid }, { action, reason, detail }) {
      const found = serving().find(({ instance }) => instance.id === id);
      if (!found) return;
      log.warn({ unit, pid, action, reason, detail }, 'Watchdog');
      if (action === 'kill') return found.instance.kill({ reason, detail });
      found.processes.replace(found.instance, { reason, detail }).catch((error: unknown) => {
        log.error({ error, unit }, 'Replace process: its successor did not start');
      });
    },
  });
}
