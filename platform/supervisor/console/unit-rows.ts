import type { HistoryRow, KillRow, ReleaseRow } from '../control/contract.ts';
import { historyRows, placedSite, placedUnit, releaseRows } from '../control/rows.ts';
import type { Platform } from '../platform.ts';
import { privateBytes } from '../process/memory.ts';
import { readReport } from '../process/probe.ts';
import { depthOf } from '../queues/queue-depths.ts';
import { capsOf } from '../scaling/scaler.ts';
import type { ManagedSite } from '../sites/managed-site.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { byRole, nameOfState, restartsOf } from '../units/state.ts';
import { UnknownUnit } from '../units/units.ts';
import type { Changes } from './changes.ts';
import type { RecentFigures, WorkFigures } from './recent-figures.ts';

/** A function, a worker or a site, as the list of the console shows it. */
export interface UnitRow extends WorkFigures {
  name: string;
  kind: 'function' | 'worker' | 'site';
  /** A state of `unitStates`; of a site `serving` or `not built`. */
  state: string;
  release: string | null;
  instances: number;
  wanted: number;
  restarts: number;
  memoryBytes: number;
  inFlight: number;
  /** Jobs that wait, and the age of the oldest of them; null for what has no queue. */
  waiting: number | null;
  oldestSeconds: number | null;
  /** Id of the change that is under way. */
  change: string | null;
}

export interface UnitDetail extends UnitRow {
  /** Null for a site. */
  bounds: { min: number; max: number } | null;
  /** Processes that an operator fixed; null: by load. */
  fixed: number | null;
  releases: ReleaseRow[];
  history: HistoryRow[];
  kills: KillRow[];
  canary: { release: string; percent: number; errorRatio: { live: number | null; canary: number | null } } | null;
  previews: { release: string; path: string }[];
  failedBuildLog: string | null;
}

/** What rows are made of. */
export interface RowParts {
  platform: Pick<Platform, 'units' | 'sites' | 'queues' | 'kills' | 'home'>;
  figures: RecentFigures;
  changes: Changes;
}

const NOTHING: WorkFigures = { requestsPerSecond: null, errorRatio: null, p95Ms: null };
const MOST_KILLS = 20;

export async function unitRows(parts: RowParts): Promise<UnitRow[]> {
  const { units, sites, queues } = parts.platform;
  const depths = await queues.read(capsOf(units.all.map(({ unit }) => unit)));
  return Promise.all([
    ...units.all.map(async (managed) => ({
      ...(await ofUnit(managed, parts)),
      ...depth(depthOf(depths, managed.unit)),
    })),
    ...sites.all.map((site) => ofSite(site, parts)),
  ]);
}

/** @throws UnknownUnit */
export async function unitDetail(name: string, parts: RowParts): Promise<UnitDetail> {
  const { platform, figures, changes } = parts;
  const { sites, units, home } = platform;
  const site = sites.find(name);
  const managed = site ? undefined : units.find(name);
  const placed = site ? await placedSite(site) : placedUnit(managed as ManagedUnit);
  const [row] = (await unitRows(parts)).filter((each) => each.name === name);
  if (!row) throw new UnknownUnit(`Find "${name}": it is gone`);
  const { percent, processes } = managed?.state.canary ?? {};
  const release = processes?.release.id;
  return {
    ...row,
    bounds: managed ? managed.unit.manifest.instances : null,
    fixed: managed?.state.record.scale ?? null,
    releases: await releaseRows(home.releases, placed),
    history: historyRows(placed),
    kills: platform.kills.list(name).toReversed().slice(0, MOST_KILLS),
    canary:
      release === undefined || percent === undefined
        ? null
        : {
            ...{ release, percent },
            errorRatio: {
              live: figures.of(name, row.release ?? undefined).errorRatio,
              canary: figures.of(name, release).errorRatio,
            },
          },
    previews: placed.previews.flatMap((id) => previewPaths(name, id, managed).map((path) => ({ release: id, path }))),
    failedBuildLog: changes.failureOf(name)?.message ?? null,
  };
}

const depth = (found: ReturnType<typeof depthOf>) => ({
  waiting: found?.waiting ?? null,
  oldestSeconds: found?.oldestSeconds ?? null,
});

async function ofUnit({ name, unit, state }: ManagedUnit, { figures, changes }: RowParts): Promise<UnitRow> {
  const instances = byRole(state).flatMap(({ processes }) => processes.instances);
  const reports = await Promise.all(instances.map(({ socket }) => readReport(socket)));
  return {
    ...{ name, kind: unit.kind, state: nameOfState(state, unit.kind), release: state.current?.release.id ?? null },
    ...{ instances: state.current?.ready.length ?? 0, wanted: state.current?.wanted ?? 0, restarts: restartsOf(state) },
    memoryBytes: instances.reduce((total, { pid }) => total + (privateBytes(pid) ?? 0), 0),
    inFlight: reports.reduce((total, report) => total + (report?.inFlight ?? 0), 0),
    ...figures.of(name),
    ...{ waiting: null, oldestSeconds: null, change: changeOf(name, changes) },
  };
}

async function ofSite({ name, published }: ManagedSite, { changes }: RowParts): Promise<UnitRow> {
  const release = (await published.current()) ?? null;
  return {
    ...{ name, kind: 'site', state: release === null ? 'not built' : 'serving', release },
    ...{ instances: 0, wanted: 0, restarts: 0, memoryBytes: 0, inFlight: 0 },
    ...NOTHING,
    ...{ waiting: null, oldestSeconds: null, change: changeOf(name, changes) },
  };
}

const changeOf = (name: string, changes: Changes): string | null =>
  changes.running().find(({ unit }) => unit === name)?.id ?? null;

function previewPaths(name: string, release: string, managed: ManagedUnit | undefined): string[] {
  const mount = managed?.unit.kind === 'function' ? managed.unit.manifest.mount : ['/'];
  return mount.map((path) => `/_preview/${name}/${release}${path}`);
}
