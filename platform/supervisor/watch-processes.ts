import type { Log } from '../kernel/log.ts';
import { startWatchdog } from './process/watchdog.ts';
import type { Fleet } from './units/units.ts';

/** Has every process that serves watched, and does what the watchdog says. */
export function watchProcesses(fleet: Pick<Fleet, 'runners'>, log: Log): { stop(): void } {
  const serving = () =>
    fleet.runners.flatMap(({ serving }) =>
      serving.sets.flatMap(({ set }) => set.ready.map((instance) => ({ set, instance }))),
    );
  return startWatchdog({
    targets: () =>
      serving().map(({ set, instance: { id, unit, pid, socket } }) => ({
        ...{ id, unit, pid, socket },
        memoryMiB: set.unit.manifest.memory,
      })),
    onVerdict({ id, unit, pid }, { action, reason, detail }) {
      const found = serving().find(({ instance }) => instance.id === id);
      if (!found) return;
      log.warn({ unit, pid, action, reason, detail }, 'Watchdog');
      if (action === 'kill') return found.instance.kill({ reason, detail });
      found.set.replace(found.instance, { reason, detail }).catch((error: unknown) => {
        log.error({ error, unit }, 'Replace process: its successor did not start');
      });
    },
  });
}
