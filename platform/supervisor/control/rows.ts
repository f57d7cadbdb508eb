import { isAlive } from '../../services/processes.ts';
import type { HistoryRow, ProcessRow, ReleaseRow } from '../control-contract.ts';
import type { Role } from '../journal.ts';
import type { Platform } from '../platform.ts';
import { isBackingOff } from '../process/backoff.ts';
import type { Instance } from '../process/instance.ts';
import { privateBytes } from '../process/memory.ts';
import type { ReleaseState } from '../release/release.ts';
import { listReleases, releaseOrigin } from '../release/releases.ts';
import type { Runner } from '../runner.ts';

/** `pandect ps`: the processes that run, and a line for what has none. */
export async function processRows({ fleet, services }: Pick<Platform, 'fleet' | 'services'>): Promise<ProcessRow[]> {
  const units = fleet.runners.flatMap(({ unit, serving }): ProcessRow[] => {
    const base = { name: unit.name, kind: unit.kind, restarts: serving.restarts };
    const rows = serving.sets.flatMap(({ role, set }) =>
      set.instances.map((instance) => ({ ...base, ...running(instance, role) })),
    );
    if (rows.length > 0) return rows;
    return [
      { ...base, ...nothing, state: stateWithoutProcess({ serving }), release: serving.current?.release.id ?? '' },
    ];
  });
  const own = Object.entries(services).map(async ([name, { service, restarts }]): Promise<ProcessRow> => {
    const state = (await isAlive(service.pid)) ? 'ready' : 'down';
    return {
      ...nothing,
      name,
      kind: 'service',
      restarts,
      state,
      pid: service.pid,
      memoryBytes: privateBytes(service.pid),
    };
  });
  return [...units, ...(await Promise.all(own))];
}

const nothing = { release: '', pid: 0, startMs: undefined, uptimeSeconds: undefined, memoryBytes: undefined };

const running = (instance: Instance, role: Role) => ({
  state: instance.state === 'ready' && (role === 'canary' || role === 'preview') ? role : instance.state,
  release: instance.release,
  pid: instance.pid,
  startMs: instance.startMs,
  uptimeSeconds: Math.round((Date.now() - instance.startedAt.getTime()) / 1000),
  memoryBytes: privateBytes(instance.pid),
});

function stateWithoutProcess({ serving: { current } }: Pick<Runner, 'serving'>): string {
  if (!current) return 'down';
  if (current.wanted === 0) return current.unit.kind === 'worker' ? 'paused' : 'asleep';
  return isBackingOff(current.backoffMs) ? 'backing off' : 'down';
}

/** `pandect releases`: what is kept, newest first. */
export async function releaseRows(releases: string, { unit, serving, state }: Runner): Promise<ReleaseRow[]> {
  const kept = await listReleases(releases, unit.name);
  return Promise.all(
    kept.map(async (release): Promise<ReleaseRow> => {
      const { revision, bytes = 0 } = await releaseOrigin(release);
      const last = state.history.findLast((entry) => entry.release === release.id);
      return {
        release: release.id,
        state: stateOf(release.id, { serving, state }),
        builtAt: release.builtAt.toISOString(),
        current: release.id === serving.current?.release.id,
        bytes,
        revision,
        deployedAt: last?.at,
        startMs: last?.startMs,
      };
    }),
  );
}

function stateOf(release: string, { serving, state }: Pick<Runner, 'serving' | 'state'>): ReleaseState {
  if (serving.current?.release.id === release) return 'serving';
  if (serving.canary?.set.release.id === release) return 'canary';
  if (serving.previews.has(release)) return 'preview';
  const last = state.history.findLast((entry) => entry.release === release);
  if (!last) return 'built';
  return last.restored === undefined ? 'kept' : 'given-up';
}

/** `pandect history`: the changes that were made, newest first. */
export const historyRows = ({ state }: Runner): HistoryRow[] =>
  state.history.toReversed().map(({ release, at, action, by, revision, bytes, startMs, restored }) => ({
    ...{ release, at, action, by, revision, bytes, startMs },
    outcome: restored === undefined ? 'done' : 'restored',
    reason: restored,
  }));
