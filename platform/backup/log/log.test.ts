import { existsSync } from 'node:fs';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../db/connect.ts';
import type { RestoredData } from '../../kernel/composition.ts';
import { createLog } from '../../kernel/log.ts';
import { findBinaries } from '../../services/binaries.ts';
import { type Home, prepareHome } from '../../services/home.ts';
import { startPostgres } from '../../services/postgres.ts';
import { isAlive, waitUntil } from '../../services/processes.ts';
import { dueTask } from '../../supervisor/backups/due-task.ts';
import { startDatabaseLog } from '../../supervisor/backups/start-database-log.ts';
import { placesOf } from '../../supervisor/home/whole-home.ts';
import type { BackupPlace } from '../backup-place.ts';
import { createBackup } from '../create-backup.ts';
import { listBackups } from '../list-backups.ts';
import { hasRestic, PASSPHRASE, type PlatformData, platformData } from '../platform.fixture.ts';
import type { Repository } from '../repository/restic.ts';
import { restoreBackup } from '../restore/restore-backup.ts';
import { readBackupState } from '../state.ts';
import { listPieces } from './cut-pieces.ts';
import { createFilesKeeper } from './keep-files.ts';
import { createLogKeeper, type LogKeeper, type LogKeeping } from './keep-log.ts';
import { listLog } from './list-log.ts';
import { type LogLimits, logLimits } from './log-limits.ts';
import { parsePosition, SEGMENT_BYTES } from './position.ts';
import { restorableRanges } from './restorable-range.ts';

const root = join(import.meta.dirname, '../../..');
const progress = () => {};
const options = { root, progress };
const log = createLog({ level: 'silent' });
const WAIT = { timeout: 60_000, interval: 200 };
const SETTINGS = { fsync: 'off', max_connections: '130' };

describe.skipIf(!hasRestic)('the log of the database', { timeout: 180_000 }, () => {
  let data: PlatformData;
  let place: BackupPlace;
  let keeper: LogKeeper;
  const keepingOf = async (more: Partial<LogLimits> = {}, of: Partial<LogKeeping> = {}): Promise<LogKeeping> => ({
    ...{ home: data.home, databaseUrl: () => data.server.url, place, log, ...of },
    programs: (await findBinaries(['postgres'])).postgres,
    limits: { ...(await logLimits(data.home.root)), ...more },
  });
  const keeperOf = async (...options: Parameters<typeof keepingOf>) => createLogKeeper(await keepingOf(...options));
  const add = async (name: string) =>
    data.owner`insert into organizations (name, tier) values (${name}, 'basic')`.then(() => new Date());
  /** With the names of its organizations, read while its server runs anyway. */
  const restore = async (into: string, at?: Date, repository: Repository = place.repository) => {
    let names: string[] = [];
    const afterRestore = {
      async names({ databaseUrl }: RestoredData) {
        const sql = connect(databaseUrl);
        const rows = await sql<{ name: string }[]>`select name from organizations order by name`;
        await sql.end();
        names = rows.map(({ name }) => name);
        return { state: 'ok' as const, detail: '' };
      },
    };
    const options = { repository, id: undefined, at, into: join(data.folder, into), held: [], afterRestore, progress };
    return { ...(await restoreBackup(options)), names };
  };

  beforeAll(async () => {
    data = await platformData();
    place = await data.placeAt(join(data.folder, 'backups'));
    keeper = await keeperOf();
    // Before the first backup there is no repository, and the log is only received.
    await keeper.round();
    await createBackup(place, options);
  }, 180_000);
  afterAll(async () => {
    await keeper.stop();
    await data.close();
  });

  it('is kept from the first backup on, with the files of its rows, and says until when', async () => {
    expect((await readBackupState(data.home)).newest?.stream).toBe((await readBackupState(data.home)).log?.stream);
    const before = new Date();
    await add('One');
    const file = await data.addDocument('A document of the log');
    await keeper.round();
    await createFilesKeeper(await keepingOf()).round();
    const state = await readBackupState(data.home);
    expect(new Date(state.walArchivedAt ?? 0) > before).toBe(true);

    const restored = await restore('all');
    expect(restored.proofs).toMatchObject([
      { name: 'log', isPassed: true },
      { name: 'rows', isPassed: true },
      { name: 'files', detail: '1 rows have theirs' },
      { name: 'content', detail: '1 files by SHA-256' },
    ]);
    expect(restored.names).toEqual(['One', 'Test']);
    expect(await readFile(file.replace(data.home.files, join(restored.into, 'files')), 'utf8')).toContain('of the log');
  });

  it('brings back any moment, with files that are newer (case 1), and refuses others with what there is', async () => {
    const first = await add('Two');
    await keeper.round();
    await add('Three');
    const newer = await data.addDocument('Newer than the moment');
    await keeper.round();
    await createFilesKeeper(await keepingOf()).round();
    const { into, proofs, names } = await restore('moment', first);
    expect(names).toEqual(['One', 'Test', 'Two']);
    expect(await readFile(newer.replace(data.home.files, join(into, 'files')), 'utf8')).toBe('Newer than the moment');
    expect(proofs).toContainEqual({ name: 'files', isPassed: true, detail: '1 rows have theirs' });

    const [range] = restorableRanges(await listBackups(place.repository), (await listLog(place.repository)).chapters);
    expect(range?.until.toISOString()).toBe((await readBackupState(data.home)).walArchivedAt);
    for (const at of [new Date(Number(range?.from) - 1000), new Date(Date.now() + 60_000)]) {
      await expect(restore('never', at)).rejects.toThrow(
        `the backups do not reach that time; they hold\n  ${range?.from.toISOString()} to ${range?.until.toISOString()}`,
      );
    }
    expect(existsSync(join(data.folder, 'never'))).toBe(false);
  });

  it('is not taken for the wanted moment where it is damaged before it', async () => {
    const [row] = await data.owner<{ position: string }[]>`select pg_current_wal_insert_lsn()::text as position`;
    const damaged = parsePosition(row?.position ?? '');
    await data.owner`create table filler as select repeat(md5(n::text), 20) as text from generate_series(1, 5000) n`;
    await data.owner`drop table filler`;
    await keeper.round();
    const repository = {
      ...place.repository,
      async restore(snapshot: string, folder: string, only?: readonly string[]) {
        await place.repository.restore(snapshot, folder, only);
        for (const { path, start, offset, bytes } of await listPieces(folder)) {
          const at = damaged - start - offset;
          if (at < 0 || at >= bytes) continue;
          const content = await readFile(path);
          await writeFile(path, content.fill(0, at, Math.min(at + 64, bytes - 1)));
        }
      },
    };
    const at = new Date((await readBackupState(data.home)).walArchivedAt ?? 0);
    await expect(restore('damaged', at, repository)).rejects.toThrow(
      /what was restored differs from the manifest: log: replayed to .* of /,
    );
  });

  it('continues after a kill of the server, of the receiver, and in parts of their own', async () => {
    await keeper.stop();
    keeper = await keeperOf({ chapterMs: 0 });
    const { pid } = data.server;
    process.kill(pid, 'SIGKILL');
    await waitUntil(async () => !(await isAlive(pid)), 10);
    data.server = await startPostgres({
      home: data.home,
      binaries: await findBinaries(['postgres']),
      settings: SETTINGS,
    });
    for (const name of ['Four', 'Five', 'Six']) {
      await add(name);
      if (name === 'Five') await data.owner`select pg_switch_wal()`;
      await keeper.round();
    }
    const { chapters } = await listLog(place.repository);
    expect(chapters.length).toBeGreaterThan(2);
    expect(chapters.slice(1).map(({ from }) => from)).toEqual(chapters.slice(0, -1).map(({ to }) => to));
    expect((await restore('parts')).names).toEqual(['Five', 'Four', 'One', 'Six', 'Test', 'Three', 'Two']);
  });

  it('of a restored home is one of its own: two restores in a row with the same target', async () => {
    const into = join(data.folder, 'parts');
    const home = await prepareHome(into);
    const [before] = restorableRanges(await listBackups(place.repository), (await listLog(place.repository)).chapters);
    await withServer(home, async (url) => {
      const second = { ...place, home, places: placesOf(home, {}) };
      const other = await keeperOf({}, { home, databaseUrl: () => url, place: second });
      await other.round();
      await createBackup(second, options);
      const sql = connect(url);
      await sql`insert into organizations (name, tier) values ('Second life', 'basic')`;
      await sql.end();
      await other.round();
      await other.stop();
    });
    expect((await restore('again')).names).toContain('Second life');
    // What the first life has left is still there.
    expect((await restore('first-life', before?.until)).names).toEqual([
      'Five',
      'Four',
      'One',
      'Six',
      'Test',
      'Three',
      'Two',
    ]);
  });

  it('stays within bounds while the target does not answer for a day, says so, and begins again with a backup (cases 6 and 7)', async () => {
    await keeper.stop();
    const waiting = 1024;
    keeper = await keeperOf({ waiting, server: 64 * 1024 ** 2 });
    await keeper.round();
    const { log: before } = await readBackupState(data.home);
    await rename(place.target.repository, `${place.target.repository}.away`);
    for (let hour = 0; hour < 24; hour++) {
      await data.owner`insert into organizations (name, tier) values (${`Hour ${hour}`}, 'basic')`;
      await data.owner`select pg_switch_wal()`;
      if (hour % 4 > 0) continue;
      await data.owner`checkpoint`;
      await expect(keeper.round()).rejects.toThrow('there is no backup repository');
    }
    const state = await readBackupState(data.home);
    expect(state.log).toMatchObject({ failure: { message: /there is no backup repository/ } });
    expect(state.walArchivedAt).toBe(before?.archivedAt);
    expect(await folderBytes(join(data.home.root, 'backup', 'log'))).toBeLessThan(waiting + 3 * SEGMENT_BYTES);
    expect(await folderBytes(join(data.home.postgres, 'data', 'pg_wal'))).toBeLessThan(12 * SEGMENT_BYTES);
    await add('While it was away');

    await rename(`${place.target.repository}.away`, place.target.repository);
    await keeper.round().catch(() => {});
    await keeper.round();
    const after = await readBackupState(data.home);
    expect(after.log?.stream).not.toBe(before?.stream);
    expect(after.log?.failure).toBeUndefined();
    expect(dueTask(after, new Date(), undefined)).toBe('backup');
    await createBackup(place, options);
    await add('After it was away');
    await keeper.round();
    expect(dueTask(await readBackupState(data.home), new Date(), undefined)).toBe('drill');
    const { names } = await restore('back', new Date((await readBackupState(data.home)).walArchivedAt ?? 0));
    expect(names).toEqual(expect.arrayContaining(['While it was away', 'After it was away']));
  });

  it('is kept by the supervisor while there is a target, and given up with it', async () => {
    await keeper.stop();
    const live = {
      source: { BACKUP_TO: place.target.repository, BACKUP_PASSPHRASE: PASSPHRASE } as Record<string, string>,
      reread: async () => [],
    };
    const kept = startDatabaseLog({
      ...{ home: data.home, live, composition: { variables: [] }, log, pace: { firstMs: 0, roundMs: 100 } },
      postgres: { service: data.server, restarts: 0, start: () => Promise.reject(new Error('it is not started here')) },
    });
    const since = (await add('With the supervisor')).toISOString();
    await expect.poll(async () => ((await readBackupState(data.home)).walArchivedAt ?? '') > since, WAIT).toBe(true);
    await expect.poll(async () => (await readBackupState(data.home)).files?.archivedAt ?? '', WAIT).not.toBe('');
    live.source = {};
    await expect.poll(async () => (await data.owner`select 1 from pg_replication_slots`).length, WAIT).toBe(0);
    // What is not kept any more cannot be late.
    await expect.poll(async () => Object.keys(await readBackupState(data.home)), WAIT).not.toContain('files');
    expect((await readBackupState(data.home)).log).toBeUndefined();
    await kept.finish();
  });
});

async function withServer<T>(home: Home, work: (url: string) => Promise<T>): Promise<T> {
  const server = await startPostgres({ home, binaries: await findBinaries(['postgres']), settings: SETTINGS });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

async function folderBytes(folder: string): Promise<number> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    entries.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
