import { isAlive } from '../../services/processes.ts';
import type { Role } from '../home/journal.ts';
import type { Platform } from '../platform.ts';
import type { Instance } from '../process/instance.ts';
import { privateBytes } from '../process/memory.ts';
import type { ReleaseState } from '../release/release.ts';
import { listReleases, releaseOrigin } from '../release/releases.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { byRole, nameOfState, previewOf, restartsOf } from '../units/state.ts';
import type { HistoryRow, ProcessRow, ReleaseRow } from './contract.ts';

/** `pandect ps`: the processes that run, and a line for what has none. */
export async function processRows({ units, services }: Pick<Platform, 'units' | 'services'>): Promise<ProcessRow[]> {
  const ofUnits = units.all.flatMap(({ unit, state }): ProcessRow[] => {
    const base = { name: unit.name, kind: unit.kind, restarts: restartsOf(state) };
    const rows = byRole(state).flatMap(({ role, processes }) =>
      processes.instances.map((instance) => ({ ...base, ...running(instance, role) })),
    );
    if (rows.length > 0) return rows;
    return [{ ...base, ...nothing, state: nameOfState(state, unit.kind), release: state.current?.release.id ?? '' }];
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
  return [...ofUnits, ...(await Promise.all(own))];
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

/** `pandect releases`: what is kept, newest first. */
export async function releaseRows(releases: string, { name, state }: ManagedUnit): Promise<ReleaseRow[]> {
  const kept = await listReleases(releases, name);
  return Promise.all(
    kept.map(async (release): Promise<ReleaseRow> => {
      const { revision, bytes = 0 } = await releaseOrigin(release);
      const last = state.record.history.findLast((entry) => entry.release === release.id);
      return {
        release: release.id,
        state: stateOf(release.id, state),
        builtAt: release.builtAt.toISOString(),
        current: release.id === state.current?.release.id,
        bytes,
        revision,
        deployedAt: last?.at,
        startMs: last?.startMs,
      };
    }),
  );
}

function stateOf(release: string, state: ManagedUnit['state']): ReleaseState {
  if (state.current?.release.id === release) return 'serving';
  if (state.canary?.processes.release.id === release) return 'canary';
  if (previewOf(state, release)) return 'preview';
  const last = state.record.history.findLast((entry) => entry.release === release);
  if (!last) return 'built';
  return last.restored === undefined ? 'kept' : 'given-up';
}

/** `pandect history`: the changes that were made, newest first. */
export const historyRows = ({ state }: ManagedUnit): HistoryRow[] =>
  state.record.history.toReversed().map(({ release, at, action, by, revision, bytes, startMs, restored }) => ({
    ...{ release, at, action, by, revision, bytes, startMs },
    outcome: restored === undefined ? 'done' : 'restored',
    reason: restored,
  }));
