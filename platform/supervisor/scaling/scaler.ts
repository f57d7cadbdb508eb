import type { Log } from '../../kernel/log.ts';
import { workerQueues } from '../../kernel/worker-queues.ts';
import { depthOf, type QueueDepths } from '../queues/queue-depths.ts';
import type { Unit } from '../unit.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import type { HostMemory } from './host-memory.ts';
import { lookAtFunction } from './look-at-function.ts';
import { lookAtWorker } from './look-at-worker.ts';
import type { Known } from './scaled.ts';

const LOOK_MS = 1_000;

interface ScalerOptions {
  units(): readonly ManagedUnit[];
  queues: QueueDepths;
  hostMemory(): HostMemory;
  log: Log;
}

/**
 * Looks once a second at what can be scaled, lets the pure decisions next to it decide, and does what they say. What has
 * nothing to decide is not asked: most units have one process and never sleep.
 */
export function startScaler(options: ScalerOptions): { stop(): Promise<void> } {
  const { log } = options;
  const known: Known = new Map();
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look(known, options)
      .catch((error: unknown) => log.warn({ error }, 'Scale: failed; it is tried again'))
      .finally(() => {
        looking = undefined;
      });
  }, LOOK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

async function look(known: Known, { units, queues, hostMemory, log }: ScalerOptions): Promise<void> {
  const idle = units().filter(({ lock, state }) => !lock.isHeld && state.current);
  const workers = idle.flatMap(({ unit }) => (unit.kind === 'worker' ? [unit] : []));
  const isScaled = workers.some(({ manifest: { instances } }) => instances.max > instances.min);
  const depths = isScaled ? await queues.read(capsOf(workers)) : new Map();
  const tools = { known, hostMemory, log };
  await Promise.all(
    idle.map((managed) =>
      managed.unit.kind === 'function'
        ? lookAtFunction(managed, tools)
        : lookAtWorker(managed, depthOf(depths, managed.unit), tools),
    ),
  );
}

/** How many jobs one organization may have under way, by queue. */
export const capsOf = (units: readonly Unit[]): Map<string, number> =>
  new Map(
    units.flatMap((unit) =>
      unit.kind === 'worker'
        ? workerQueues(unit.name, unit.manifest).flatMap(({ name, perOrganization }) =>
            perOrganization === undefined ? [] : [[name, perOrganization] as const],
          )
        : [],
    ),
  );
