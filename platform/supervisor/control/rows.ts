import { isAlive } from '../../services/processes.ts';
import type { HistoryEntry, Role } from '../home/journal.ts';
import type { Platform } from '../platform.ts';
import type { Instance } from '../process/instance.ts';
import { privateBytes } from '../process/memory.ts';
import type { ReleaseState } from '../release/release.ts';
import { describeOrigin, listReleases, releaseAt, releaseOrigin } from '../release/releases.ts';
import type { ManagedSite } from '../sites/managed-site.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { byRole, nameOfState, restartsOf } from '../units/state.ts';
import type { HistoryRow, ProcessRow, ReleaseRow } from './contract.ts';

/** `pandect ps`: the processes that run, and a line for what has none. */
export async function processRows({
  units,
  sites,
  services,
  home,
}: Pick<Platform, 'units' | 'sites' | 'services' | 'home'>): Promise<ProcessRow[]> {
  const ofUnits = units.all.flatMap(({ unit, state, heldBecause }): ProcessRow[] => {
    const held = heldBecause === undefined ? {} : { held: heldBecause };
    const base = { name: unit.name, kind: unit.kind, restarts: restartsOf(state), ...held };
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
  const served = [...ofUnits, ...(await Promise.all(sites.all.map(siteRows))).flat()];
  return [...(await Promise.all(served.map((row) => withOrigin(home.releases, row)))), ...(await Promise.all(own))];
}

async function siteRows({ name, published }: ManagedSite): Promise<ProcessRow[]> {
  const current = await published.current();
  const base = { ...nothing, name, kind: 'site', restarts: 0 } as const;
  const served = { ...base, state: current === undefined ? 'not built' : 'serving', release: current ?? '' };
  return [served, ...(await published.previews()).map((release) => ({ ...base, state: 'preview', release }))];
}

async function withOrigin(releases: string, row: ProcessRow): Promise<ProcessRow> {
  if (row.release === '') return row;
  return { ...row, from: describeOrigin(await releaseOrigin(releaseAt(releases, row.name, row.release))) };
}

const nothing = {
  from: '',
  release: '',
  pid: 0,
  startMs: undefined,
  uptimeSeconds: undefined,
  memoryBytes: undefined,
};

const running = (instance: Instance, role: Role) => ({
  from: '',
  state: instance.state === 'ready' && (role === 'canary' || role === 'preview') ? role : instance.state,
  release: instance.release,
  pid: instance.pid,
  startMs: instance.startMs,
  uptimeSeconds: Math.round((Date.now() - instance.startedAt.getTime()) / 1000),
  memoryBytes: privateBytes(instance.pid),
});

/** Which releases of a unit are where; what `pandect releases` says of each follows from it. */
interface Placed {
  name: string;
  current: string | undefined;
  canary?: string | undefined;
  /** Who deployed that. */
  canaryBy?: string | undefined;
  previews: readonly string[];
  history: readonly HistoryEntry[];
}

export const placedUnit = ({ name, state }: ManagedUnit): Placed => ({
  name,
  current: state.current?.release.id,
  canary: state.canary?.processes.release.id,
  canaryBy: state.record.canary?.by,
  previews: state.previews.map(({ release }) => release.id),
  history: state.record.history,
});

export const placedSite = async ({ name, published, record }: ManagedSite): Promise<Placed> => ({
  name,
  current: await published.current(),
  previews: await published.previews(),
  history: record.history,
});

/** `pandect releases`: what is kept, newest first. */
export async function releaseRows(releases: string, placed: Placed): Promise<ReleaseRow[]> {
  const { name, current, history } = placed;
  const kept = await listReleases(releases, name);
  return Promise.all(
    kept.map(async (release): Promise<ReleaseRow> => {
      const origin = await releaseOrigin(release);
      const { revision, bytes = 0 } = origin;
      const last = history.findLast((entry) => entry.release === release.id);
      return {
        release: release.id,
        state: stateOf(release.id, placed),
        builtAt: release.builtAt.toISOString(),
        current: release.id === current,
        bytes,
        revision,
        from: describeOrigin(origin),
        deployedAt: last?.at,
        deployedBy: release.id === placed.canary ? placed.canaryBy : last?.by,
        startMs: last?.startMs,
      };
    }),
  );
}

function stateOf(release: string, { current, canary, previews, history }: Placed): ReleaseState {
  if (current === release) return 'serving';
  if (canary === release) return 'canary';
  if (previews.includes(release)) return 'preview';
  const last = history.findLast((entry) => entry.release === release);
  if (!last) return 'built';
  return last.restored === undefined ? 'kept' : 'given-up';
}

/** `pandect history`: the changes that were made, newest first. */
export const historyRows = ({ history }: Pick<Placed, 'history'>): HistoryRow[] =>
  history.toReversed().map(({ release, at, action, by, revision, bytes, startMs, restored }) => ({
    ...{ release, at, action, by, revision, bytes, startMs },
    outcome: restored === undefined ? 'done' : 'restored',
    reason: restored,
  }));
