import { type BackupState, readBackupState } from '../../backup/state.ts';
import { version } from '../../kernel/version.ts';
import type { HistoryRow } from '../control/contract.ts';
import { historyRows, processRows } from '../control/rows.ts';
import { hostMemory } from '../process/memory.ts';
import { diskRoom } from '../release/disk-room.ts';
import { type AlertRow, alertRows } from './alert-rows.ts';
import type { BegunChange } from './changes.ts';
import type { ConsolePlatform } from './create-console.ts';
import { queueRows } from './queue-rows.ts';
import type { WorkFigures } from './recent-figures.ts';
import { type RowParts, unitRows } from './unit-rows.ts';

/** Everything at a glance. */
export interface Overview {
  url: string;
  version: string;
  startedAt: string;
  units: { total: number; serving: number; asleep: number; backingOff: number };
  services: { name: string; state: string; restarts: number; memoryBytes: number }[];
  /** Of the last five minutes. */
  requests: { perSecond: number | null } & Pick<WorkFigures, 'errorRatio' | 'p95Ms'>;
  queues: { queue: string; waiting: number; active: number; dead: number; oldestSeconds: number }[];
  disk: { freeBytes: number; totalBytes: number };
  memory: { availableBytes: number; totalBytes: number };
  backup: { lastSuccessAt: string | null; state: BackupHealth };
  alerts: AlertRow[];
  /** The last ones that were made. */
  changes: (HistoryRow & { unit: string })[];
  running: BegunChange[];
}

const MOST_CHANGES = 10;

export async function overview(
  parts: RowParts & { platform: ConsolePlatform },
  { startedAt }: { startedAt: string },
): Promise<Overview> {
  const { platform, figures, changes } = parts;
  const { home, url, settings, units, sites } = platform;
  const [rows, processes, disk, backups, queues] = await Promise.all([
    unitRows(parts),
    processRows(platform),
    diskRoom(home.root),
    readBackupState(home),
    queueRows(parts),
  ]);
  const { requestsPerSecond: perSecond, errorRatio, p95Ms } = figures.all();
  const counted = (state: string) => rows.filter((row) => row.state === state).length;
  return {
    ...{ url, version, startedAt },
    units: {
      total: rows.length,
      serving: counted('serving'),
      asleep: counted('asleep'),
      backingOff: counted('backing off'),
    },
    services: processes
      .filter(({ kind }) => kind === 'service')
      .map(({ name, state, restarts, memoryBytes = 0 }) => ({ name, state, restarts, memoryBytes })),
    requests: { perSecond, errorRatio, p95Ms },
    queues: queues.map(({ queue, waiting, active, dead, oldestSeconds }) => ({
      ...{ queue, waiting, active, dead, oldestSeconds },
    })),
    disk,
    memory: hostMemory(),
    backup: backupHealth(backups, settings.source.BACKUP_TO),
    alerts: alertRows(platform.alerts.list()).filter(({ state }) => state === 'firing'),
    changes: lastChanges([...units.all.map(({ name, state }) => ({ name, record: state.record })), ...sites.all]),
    running: changes.running(),
  };
}

/** `off`: BACKUP_TO is not set; `failed`: the last attempt did; `old`: none for more than a day and a half. */
export type BackupHealth = 'off' | 'never' | 'failed' | 'old' | 'ok';

const OLD_MS = 36 * 3_600_000;

export function backupHealth({ newest, failure }: BackupState, target: string | undefined, now = Date.now()) {
  const lastSuccessAt = newest?.finishedAt ?? null;
  const state = (): BackupHealth => {
    if (!target) return 'off';
    if (failure && (!newest || failure.at > newest.finishedAt)) return 'failed';
    if (!newest) return 'never';
    // Also one of a clock that was as much ahead.
    return Math.abs(now - Date.parse(newest.startedAt)) > OLD_MS ? 'old' : 'ok';
  };
  return { lastSuccessAt, state: state() };
}

const lastChanges = (all: readonly { name: string; record: Parameters<typeof historyRows>[0] }[]) =>
  all
    .flatMap(({ name, record }) => historyRows(record).map((row) => ({ ...row, unit: name })))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, MOST_CHANGES);
