import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../db/connect.ts';
import { ensureKeyPair } from '../../capabilities/signing-keys/key-pair.ts';
import { storageKeyOf } from '../../capabilities/storage/storage-key.ts';
import { findBinaries } from '../../services/binaries.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { assertWhole, placesOf, readHomeId, recordHome } from '../../supervisor/home/whole-home.ts';
import { commandEnvironment } from '../../testing/command-environment.ts';
import { testDatabase } from '../../testing/database.ts';
import { type BackupPlace, openBackupPlace } from '../backup-place.ts';
import { connectionVariables, DUMP } from '../content/copy-database.ts';
import { countRows } from '../content/database-facts.ts';
import { findBackup, listBackups } from '../list-backups.ts';
import { hasRestic, PASSPHRASE } from '../platform.fixture.ts';
import { keysIn, withLightKey } from '../repository/light-key.fixture.ts';
import { readBackupState } from '../state.ts';
import { readManifest, verifyBackup } from '../verify-backup.ts';
import { drill } from './drill.ts';
import { restoreBackup } from './restore-backup.ts';
import { settleElsewhere } from './settle-elsewhere.ts';

const database = await testDatabase();
const root = join(import.meta.dirname, '../../..');
const progress = () => {};

describe.skipIf(!hasRestic)('a backup of a database elsewhere', { timeout: 180_000 }, () => {
  let folder: string;
  let lost: TemporaryHome;
  let place: BackupPlace;
  const key = storageKeyOf(crypto.randomUUID());
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    lost = await temporaryHome();
    const settings = {
      ...({ DATABASE_URL: database.ownerUrl, STORAGE: 'local', BACKUP_TO: join(folder, 'backups') } as const),
      ...{ BACKUP_PASSPHRASE: PASSPHRASE, BACKUP_S3_ACCESS_KEY_ID: undefined, BACKUP_S3_SECRET_ACCESS_KEY: undefined },
      BACKUP_S3_REGION: undefined,
    };
    const source = { DATABASE_URL: database.ownerUrl };
    place = await openBackupPlace(lost.home, { settings, source, variables: [] });
    place = { ...place, repository: withLightKey(place.repository, keysIn(settings.BACKUP_TO), PASSPHRASE) };
    await place.repository.create();
    await ensureKeyPair(place.places.keys.privatePath, place.places.keys.publicPath);
    await recordHome(place.places, database.ownerUrl, crypto.randomUUID());
    const [organization] = await database.owner<{ id: string }[]>`
      insert into organizations (name, tier) values ('Kept', 'basic') returning id`;
    await database.owner`
      insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key)
      values (${organization?.id ?? ''}, 't', 'f.txt', 'txt', 1, 'hash', ${key})`;
    const file = join(lost.home.files, key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'A document');
  }, 180_000);
  afterAll(async () => {
    await lost.remove();
    await rm(folder, { recursive: true, force: true });
    await database.close();
  });

  it('says that it is a dump and of one moment, and is found whole', async () => {
    const env = {
      ...{ ...commandEnvironment, PANDECT_HOME: lost.path, DATABASE_URL: database.ownerUrl },
      ...{ BACKUP_TO: place.target.repository, BACKUP_PASSPHRASE: PASSPHRASE },
    };
    const args = ['pandect.ts', 'backup', 'create'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    expect(stdout).toContain("The database is not the platform's own: the backup holds a dump of it.");
    expect(stdout).toContain('It can be restored as of this moment, and not of');
    const { id, manifest, differences } = await verifyBackup(place, undefined);
    expect(differences).toEqual([]);
    expect(manifest.database).toMatchObject({ kind: 'dump', count: 1, rows: { documents: { before: 1, after: 1 } } });
    expect(manifest.database).not.toHaveProperty('log');
    const state = await readBackupState(lost.home);
    expect([state.newest?.id, state.provableSince], 'no drill can prove it').toEqual([id, undefined]);
  });

  it('is refused by restore and drill with what to do instead, and nothing is touched', async () => {
    const into = join(folder, 'restored');
    const restored = restoreBackup({ repository: place.repository, id: undefined, into, held: [], progress });
    const reason = 'its database is a dump of a server elsewhere, which pg_restore brings back; see docs/backups.md';
    await expect(restored).rejects.toThrow(reason);
    await expect(readFile(into)).rejects.toThrow('ENOENT');
    const { isPassed, proofs } = await drill(place, { id: undefined, prove: {}, progress });
    expect({ isPassed, proofs }).toMatchObject({ isPassed: false, proofs: [{ name: 'restore' }] });
    expect(proofs[0]?.detail).toContain(reason);
  });

  it('is brought back into another database and home as the guide says, with rows, files, keys and its id', async () => {
    const { repository } = place;
    const backup = findBackup(await listBackups(repository), undefined);
    const manifest = await readManifest(repository, backup);
    const { home, remove } = await temporaryHome();
    const { owner } = database;
    // The roles belong to the server.
    const name = `${database.name}_restored`;
    const url = database.ownerUrl.replace(`/${database.name}`, `/${name}`);
    await owner`create database ${owner(name)}`;
    const sql = connect(url);
    try {
      const fetched = join(folder, 'fetched');
      await repository.restore(manifest.snapshots.home, fetched);
      await cp(join(fetched, 'keys'), home.keys, { recursive: true });
      await repository.restore(manifest.snapshots.files ?? '', home.files);
      const { postgres } = await findBinaries(['postgres']);
      const args = ['--no-owner', '--exit-on-error', `--dbname=${name}`, join(fetched, DUMP)];
      await promisify(execFile)(join(postgres, 'pg_restore'), args, { env: connectionVariables(url) });

      const rows = Object.entries(manifest.database.rows).map(([table, { after }]) => [table, after]);
      expect(await countRows(sql)).toEqual(Object.fromEntries(rows));
      expect(await readFile(join(home.files, key), 'utf8')).toBe('A document');
      const settled = await settleElsewhere({
        ...{ home, databaseUrl: url, at: new Date(manifest.at), filesFolder: home.files, held: ['notify'] },
        ...{ erasures: async () => [], afterRestore: {}, settings: {} },
      });
      expect(settled).toMatchObject({ at: manifest.at, held: ['notify'] });
      const places = placesOf(home, { DATABASE_URL: url });
      expect(await assertWhole(places, url)).toBe(await readHomeId(lost.home));
    } finally {
      await sql.end();
      await owner`drop database ${owner(name)} with (force)`;
      await remove();
    }
  });
});
