import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { migrationState, readMigrations } from '../../../db/apply-migrations.ts';
import { connect } from '../../../db/connect.ts';
import { withDatabase } from '../../backup/content/database-source.ts';
import { version } from '../../kernel/version.ts';
import { findBinaries } from '../../services/binaries.ts';
import { majorOfData, majorOfPrograms, programsFor } from '../../services/postgres-major.ts';
import type { ProcessRow, ReleaseRow, Status } from '../../supervisor/control/contract.ts';
import { type Places, readHomeId } from '../../supervisor/home/whole-home.ts';
import { readSites } from '../../supervisor/sites/site.ts';
import { sourceRevision } from '../../supervisor/source/source-revision.ts';
import { readUnits } from '../../supervisor/unit.ts';
import { checkout } from '../checkout.ts';
import { ask, askIfRunning } from '../control-client.ts';
import type { Jump } from './judge-jump.ts';
import type { Build } from './record.ts';

/** What an upgrade would change. */
export interface Found {
  jump: Jump;
  /** Undefined when no platform runs. */
  status: Status | undefined;
  /** Releases that serve, by the unit's name. */
  serving: Record<string, string>;
  /** What the checkout has, in the order in which it is deployed. */
  units: string[];
}

/** @throws when no platform was ever started in the home */
export async function readJump(
  places: Places,
  {
    databaseUrl,
    hasTarget,
    wantsBackup,
  }: { databaseUrl: string | undefined; hasTarget: boolean; wantsBackup: boolean },
): Promise<Found> {
  const { home } = places;
  if ((await readHomeId(home)) === undefined) {
    throw new Error(`Upgrade "${home.root}": no platform was ever started there; start it with ./scripts/up`);
  }
  const status = await askIfRunning<Status>('/status');
  const rows = status ? await ask<ProcessRow[]>('GET', '/ps') : [];
  const units = [...(await readUnits(checkout)), ...(await readSites(checkout))].map(({ name }) => name);
  const postgres = places.isEmbedded ? await postgresMajors(join(home.postgres, 'data')) : undefined;
  const canOpen = postgres === undefined || postgres.data === postgres.program;
  const database = canOpen
    ? await readDatabase(places, databaseUrl)
    : { pending: [], isAhead: false, databaseBytes: 0 };
  const { bavail, bsize } = await statfs(home.root);
  const names = [...new Set(rows.filter(({ kind }) => kind !== 'service').map(({ name }) => name))];
  return {
    status,
    serving: servingReleases(rows),
    units,
    jump: {
      ...database,
      from: status && { version: status.version, revision: await servingRevision(names[0]) },
      to: { version, revision: (await sourceRevision(checkout)) ?? null },
      freeBytes: bavail * bsize,
      postgres,
      canaries: [...new Set(rows.filter(({ state }) => state === 'canary').map(({ name }) => name))],
      gone: names.filter((name) => !units.includes(name)),
      ...{ hasTarget, wantsBackup },
      isManaged: status !== undefined && (await isManaged(status)),
      isRoot: process.getuid?.() === 0,
    },
  };
}

/** Of each unit and site the release that callers get. */
export function servingReleases(rows: readonly ProcessRow[]): Record<string, string> {
  const serving = rows.filter(
    ({ kind, state, release }) =>
      kind !== 'service' && release !== '' && !['canary', 'preview', 'draining', 'crashed'].includes(state),
  );
  return Object.fromEntries(serving.map(({ name, release }) => [name, release]));
}

/** Whether systemd runs this supervisor, so that it is the one to restart it. */
export async function isManaged({ pid }: Pick<Status, 'pid'>): Promise<boolean> {
  // The folder is there exactly when systemd runs the machine; see sd_booted(3).
  if (!existsSync('/run/systemd/system')) return false;
  const { stdout } = await promisify(execFile)(
    'systemctl',
    ['show', '--property=MainPID', '--value', 'pandect.service'],
    { timeout: 10_000 },
  );
  return stdout.trim() === String(pid);
}

async function readDatabase(places: Places, databaseUrl: string | undefined) {
  const migrations = await readMigrations();
  return withDatabase(places, databaseUrl, async ({ url }) => {
    const sql = connect(url, { applicationName: 'pandect upgrade' });
    try {
      const [size] = await sql<{ bytes: string }[]>`select pg_database_size(current_database()) as bytes`;
      const { pending, isAhead } = await migrationState(sql, migrations);
      return { pending: pending.map(({ name }) => name), isAhead, databaseBytes: Number(size?.bytes ?? 0) };
    } finally {
      await sql.end();
    }
  });
}

async function postgresMajors(data: string): Promise<Jump['postgres']> {
  const ofData = await majorOfData(data);
  if (ofData === undefined) return undefined;
  const { postgres } = await findBinaries(['postgres']);
  const programs = await programsFor(data, postgres).catch(() => postgres);
  return { data: ofData, program: await majorOfPrograms(programs) };
}

async function servingRevision(unit: string | undefined): Promise<Build['revision']> {
  if (unit === undefined) return null;
  const releases = await ask<ReleaseRow[]>('GET', `/releases/${unit}`);
  return releases.find(({ current }) => current)?.revision ?? null;
}
