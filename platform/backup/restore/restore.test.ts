import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, statfsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { migrationState, readMigrations } from '../../../db/apply-migrations.ts';
import { connect } from '../../../db/connect.ts';
import { createErasureJournal, ERASURES_FOLDER, readErasures } from '../../capabilities/storage/erasure-journal.ts';
import { openErasureJournal, storageVariables } from '../../capabilities/storage/open-storage.ts';
import { createTemporaryFolder } from '../../capabilities/storage/temporary-folder.fixture.ts';
import type { RestoredData } from '../../kernel/composition.ts';
import { readEnvironment } from '../../kernel/environment.ts';
import { findBinaries } from '../../services/binaries.ts';
import { prepareHome } from '../../services/home.ts';
import { startPostgres } from '../../services/postgres.ts';
import { openJournal } from '../../supervisor/home/journal.ts';
import { assertDatabasePresent, assertWhole, placesOf, readHomeId } from '../../supervisor/home/whole-home.ts';
import { commandEnvironment } from '../../testing/command-environment.ts';
import { startS3Server } from '../../testing/s3-server.ts';
import type { BackupPlace } from '../backup-place.ts';
import { createBackup } from '../create-backup.ts';
import { listBackups } from '../list-backups.ts';
import { parseManifest } from '../manifest.ts';
import { hasRestic, PASSPHRASE, type PlatformData, platformData } from '../platform.fixture.ts';
import { readBackupState } from '../state.ts';
import { whatIsInTheWay } from './check-restorable.ts';
import { drill } from './drill.ts';
import { type RestoreOptions, restoreBackup } from './restore-backup.ts';
import { readRestored } from './restored-record.ts';
import { startRestored } from './start-restored.ts';

const root = join(import.meta.dirname, '../../..');
const progress = () => {};
const HELD = ['notify', 'subscriptions'];

/** One platform and one backup for all cases. */
describe.skipIf(!hasRestic)('a restore', { timeout: 180_000 }, () => {
  let data: PlatformData;
  let place: BackupPlace;
  let id: string;
  let erasedFile: string;
  let keptFile: string;
  let erased: string;
  const erasedAt = new Date();
  const [revoked, kept, elsewhere, later] = Array.from({ length: 4 }, () => crypto.randomUUID()) as [
    string,
    string,
    string,
    string,
  ];
  const keys = { revoked, kept, elsewhere, later };
  const restoreInto = (into: string, more: Partial<RestoreOptions> = {}) =>
    restoreBackup({
      ...{ repository: place.repository, id: undefined, into, progress, ...more },
      held: HELD,
      formerFiles: data.home.files,
      noted: [{ kind: 'key', id: keys.later }],
    });

  beforeAll(async () => {
    data = await platformData();
    const { owner } = data;
    place = await data.placeAt(join(data.folder, 'backups'));
    keptFile = await data.addDocument('A document');
    const [organization] = await owner<
      { id: string }[]
    >`insert into organizations (name, tier) values ('Erased', 'basic') returning id`;
    erased = organization?.id ?? '';
    erasedFile = await data.addDocument('To be forgotten', erased);
    const [user] = await owner<{ id: string }[]>`
      insert into users (organization_id, email, password_hash, role)
      values (${data.organizationId}, 'a@example.org', 'none', 'owner') returning id`;
    await owner`
      insert into refresh_tokens (family_id, user_id, token_hash, expires_at)
      values (${crypto.randomUUID()}, ${user?.id ?? ''}, 'hash', now() + interval '1 day')`;
    for (const key of Object.values(keys)) {
      await owner`
        insert into api_keys (id, organization_id, user_id, name, prefix, key_hash, scopes)
        values (${key}, ${data.organizationId}, ${user?.id ?? ''}, 'k', 'p', ${key}, '{ask}')`;
    }
    // As the version before the last two migrations has left it.
    await owner`drop table hosts`;
    await owner`
      delete from drizzle.__drizzle_migrations
      where id in (select id from drizzle.__drizzle_migrations order by id desc limit 2)`;
    // Another host has revoked one, and is gone with the bucket when the restore begins.
    const bucket = await startS3Server();
    const { endpoint, region: S3_REGION, bucket: S3_BUCKET, accessKeyId, secretAccessKey } = bucket;
    const access = { S3_REGION, S3_BUCKET, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey };
    const source = { STORAGE: 's3', S3_ENDPOINT: endpoint, ...access, OUTBOUND_WHITELIST: '127.0.0.1' };
    const other = await createTemporaryFolder();
    const settings = readEnvironment(storageVariables, { ...source, UPLOAD_DIR: other.directory });
    await (await openErasureJournal(settings)).note({ kind: 'key', id: keys.elsewhere });
    const shared = { ...place, source: { ...place.source, ...source } };
    ({ id } = (await createBackup(shared, { root, progress })).manifest);
    await bucket.close();
    await other.remove();
    // What happens after the backup.
    const journal = createErasureJournal({ directory: data.home.files });
    await journal.note({ kind: 'key', id: keys.revoked });
    await journal.note({ kind: 'organization', id: erased });
    await journal.note({ kind: 'bot-user', id: keys.kept, at: erasedAt });
    await data.addDocument('Newer than the backup');
    // All cases: neither the server nor its files are of any use.
    process.kill(data.server.pid, 'SIGKILL');
    await writeFile(join(data.home.postgres, 'data', 'global', 'pg_control'), 'no control data');
  }, 180_000);
  afterAll(() => data.close());

  it('case 2: brings back rows and files while the live database is corrupt, and lets nothing live again', async () => {
    const into = join(data.folder, 'restored');
    const seen: RestoredData[] = [];
    const afterRestore = {
      people: async (restored: RestoredData) => {
        seen.push(restored);
        return { state: 'ok' as const, detail: 'one' };
      },
      payments: () => Promise.reject(new Error('the provider does not answer')),
    };
    const restored = await restoreInto(into, { afterRestore, settings: { SHOP: '1' } });
    expect(restored.after).toMatchObject({
      people: { detail: 'one' },
      payments: { state: 'fail', detail: /not answer/ },
    });
    expect(seen).toMatchObject([{ at: new Date(restored.manifest.at), settings: { SHOP: '1' } }]);
    expect(seen[0]?.erased).toContainEqual({ kind: 'bot-user', id: keys.kept, at: erasedAt });
    expect(restored.proofs.map(({ name, isPassed }) => ({ name, isPassed }))).toEqual(
      ['rows', 'files', 'content'].map((name) => ({ name, isPassed: true })),
    );
    expect(restored.settled).toEqual({ sessions: 1, keys: 3, organizations: 1, files: 1 });

    const home = await prepareHome(into);
    expect(await readHomeId(home)).toBe(await readHomeId(data.home));
    expect(await readRestored(home)).toMatchObject({ backup: id, held: HELD });
    // For the restore after this one, from a backup that knows as little of them.
    const noted = await readErasures(join(home.files, ERASURES_FOLDER));
    expect(noted.map(({ kind }) => kind).toSorted()).toEqual(['bot-user', 'key', 'key', 'key', 'organization']);
    expect(noted).toContainEqual({ kind: 'bot-user', id: keys.kept, at: erasedAt });
    const { state } = await openJournal(join(home.root, 'journal.json'));
    expect(HELD.map((unit) => state.units[unit]?.paused)).toEqual([true, true]);
    const stored = (path: string) => path.replace(data.home.files, home.files);
    expect(await readFile(stored(keptFile), 'utf8')).toBe('A document');
    await expect(readFile(stored(erasedFile))).rejects.toThrow('ENOENT');
    expect(await readFile(join(home.caddy, 'certificate.pem'), 'utf8')).toBe('a certificate');

    await assertDatabasePresent(placesOf(home, {}));
    const server = await startPostgres({ home, binaries: await findBinaries(['postgres']) });
    const sql = connect(server.url);
    try {
      await assertWhole(placesOf(home, {}), server.url);
      expect([...(await sql`select title from documents`)]).toHaveLength(1);
      expect(await migrationState(sql, await readMigrations()), 'it was of an older version').toMatchObject({
        pending: [],
      });
      expect([...(await sql`select id from api_keys where revoked_at is null`)]).toEqual([{ id: keys.kept }]);
      expect([...(await sql`select 1 from refresh_tokens where revoked_at is null`)]).toEqual([]);
      expect((await sql`select subject from revocations`).map(({ subject }) => subject)).toContain(data.organizationId);
    } finally {
      await sql.end();
      await server.stop();
    }
  });

  it('case 3: waits for a database that takes long to start', async () => {
    const home = await prepareHome(join(data.folder, 'restored'));
    const { postgres } = await findBinaries(['postgres']);
    const slow = join(data.folder, 'slow');
    await mkdir(slow);
    for (const name of await readdir(postgres)) await symlink(join(postgres, name), join(slow, name));
    await rm(join(slow, 'postgres'));
    const script = `#!/bin/sh\n[ "$1" = -D ] && sleep 2\nexec "${join(postgres, 'postgres')}" "$@"\n`;
    await writeFile(join(slow, 'postgres'), script, { mode: 0o755 });
    await chmod(data.folder, 0o755);
    const now = performance.now.bind(performance);
    const began = now();
    // Each second counts as two minutes: it would be given up by any limit that is meant for usual starts.
    vi.spyOn(performance, 'now').mockImplementation(() => began + (now() - began) * 120);
    try {
      const { server } = await startRestored(home, slow);
      await server.stop();
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('names all that is in the way before it touches anything', async () => {
    const full = join(data.folder, 'full');
    await mkdir(full);
    await writeFile(join(full, 'precious'), 'mine');
    await expect(restoreInto(full)).rejects.toThrow(`"${full}" is not empty`);
    expect(await readdir(full)).toEqual(['precious']);
    await expect(restoreInto(join(data.folder, 'x'), { id: 'nothing' })).rejects.toThrow('there is none of this id');

    const backups = await listBackups(place.repository);
    const manifest = await lastManifest();
    const { postgres: programs } = await findBinaries(['postgres']);
    const inTheWay = (change: object, snapshots = new Set(backups.flatMap((each) => each.snapshots))) =>
      whatIsInTheWay({ manifest: { ...manifest, ...change }, into: join(data.folder, 'x'), programs, snapshots });
    const { database } = manifest;
    expect(await inTheWay({})).toEqual([]);
    expect(await inTheWay({ database: { ...database, postgres: 9 } })).toEqual([
      expect.stringMatching(/^it is of PostgreSQL 9, and here is \d+: install postgresql-9$/),
    ]);
    expect(await inTheWay({ database: { ...database, migration: 9e15 } })).toEqual([
      expect.stringContaining('its database is of a newer version than this one'),
    ]);
    expect(await inTheWay({}, new Set())).toEqual([
      'its part "database and keys" is missing in the repository',
      'its part "files" is missing in the repository',
    ]);
    expect(await inTheWay({ database: { ...database, bytes: 1e18 } })).toEqual([expect.stringMatching(/needs \d+ MB/)]);
  });

  it('that was killed in the middle leaves a home that does not start', async () => {
    const into = join(data.folder, 'half');
    const child = spawn(process.execPath, ['pandect.ts', 'restore', '--into', into], {
      cwd: root,
      env: {
        ...commandEnvironment,
        PANDECT_HOME: data.path,
        BACKUP_TO: place.target.repository,
        BACKUP_PASSPHRASE: PASSPHRASE,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    for await (const piece of child.stderr) if (String(piece).includes('Fetching')) break;
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
    const home = await prepareHome(into);
    await expect(assertDatabasePresent(placesOf(home, {}))).rejects.toThrow('it was not restored to the end');
    await rm(home.root, { recursive: true, force: true });
  });

  it('whose disk is full in the middle says so, and leaves a home that does not start', async ({ skip }) => {
    const small = join(data.folder, 'small');
    await mkdir(small);
    await chmod(data.folder, 0o755);
    try {
      const size = 'size=512m,mode=755';
      execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'pandect-test', small], { stdio: 'pipe' });
    } catch {
      skip('this user may not mount a small disk');
    }
    try {
      const into = join(small, 'home');
      const fill = (line: string) => {
        if (!line.startsWith('Fetching database')) return;
        const { bavail, bsize } = statfsSync(small);
        execFileSync('fallocate', ['-l', String(bavail * bsize - 8 * 1024 ** 2), join(small, 'filler')]);
      };
      await expect(restoreInto(into, { progress: fill })).rejects.toThrow('no space is left on its disk');
      await rm(join(small, 'filler'));
      const places = placesOf(await prepareHome(into), {});
      await expect(assertDatabasePresent(places)).rejects.toThrow('it was not restored to the end: remove the folder');
      await expect(restoreInto(into)).rejects.toThrow(`"${into}" is not empty`);
    } finally {
      execFileSync('umount', ['--lazy', small]);
    }
  });

  it('is proven by a drill, which leaves nothing and keeps its outcome', async () => {
    // Private, so that what is restored by root stands elsewhere.
    const folder = await mkdtemp(join(data.folder, 'drills-'));
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    let root = '';
    const prove = {
      async ledger() {
        const [name = ''] = (await readdir(folder)).filter((each) => each.startsWith('pandect-drill-'));
        root = await realpath(join(folder, name, 'home'));
        return { state: 'ok' as const, detail: 'balanced' };
      },
    };
    const passed = await drill(place, { id: undefined, prove, progress });
    expect(passed.proofs.map(({ name }) => name)).toEqual(['rows', 'files', 'content', 'ledger']);
    expect(passed).toMatchObject({ id, isPassed: true });
    expect(await readdir(folder)).toEqual([]);
    expect([root, existsSync(root)]).toEqual([expect.stringMatching(/^\//), false]);
    const { drill: kept } = await readBackupState(data.home);
    expect(kept).toMatchObject({ id, isPassed: true, succeededAt: kept?.at });

    const broken = { ledger: async () => ({ state: 'fail' as const, detail: 'unbalanced' }) };
    expect(await drill(place, { id, prove: broken, progress })).toMatchObject({ isPassed: false });
    expect((await readBackupState(data.home)).drill).toMatchObject({ isPassed: false, succeededAt: kept?.at });
  });

  it('is refused with another passphrase by the command, with status 1', async () => {
    const env = { ...commandEnvironment, PANDECT_HOME: data.path, BACKUP_TO: place.target.repository };
    const failed = await promisify(execFile)(
      process.execPath,
      ['pandect.ts', 'restore', '--into', join(data.folder, 'y')],
      {
        cwd: root,
        env: { ...env, BACKUP_PASSPHRASE: createHash('sha256').update('other').digest('hex') },
      },
    ).catch((error: { code: number; stderr: string }) => error);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('wrong passphrase') });
  });

  async function lastManifest() {
    const [backup] = (await listBackups(place.repository)).slice(-1);
    return parseManifest(id, await place.repository.read(backup?.manifest ?? '', '/manifest.json'));
  }
});
