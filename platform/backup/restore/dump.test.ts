import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../../db/connect.ts';
import { ensureKeyPair } from '../../capabilities/signing-keys/key-pair.ts';
import { storageKeyOf } from '../../capabilities/storage/storage-key.ts';
import { findBinaries } from '../../services/binaries.ts';
import { prepareHome } from '../../services/home.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import {
  assertDatabasePresent,
  assertWhole,
  placesOf,
  readHomeId,
  recordHome,
} from '../../supervisor/home/whole-home.ts';
import { commandEnvironment } from '../../testing/command-environment.ts';
import { asAdministrator, testDatabase, withDatabase } from '../../testing/database.ts';
import { type BackupPlace, openBackupPlace } from '../backup-place.ts';
import { countRows } from '../content/database-facts.ts';
import { findBackup, listBackups } from '../list-backups.ts';
import { hasRestic, PASSPHRASE } from '../platform.fixture.ts';
import { keysIn, withLightKey } from '../repository/light-key.fixture.ts';
import { readBackupState } from '../state.ts';
import { readManifest, verifyBackup } from '../verify-backup.ts';
import { whatIsInTheWay } from './check-restorable.ts';
import { drill } from './drill.ts';
import { type RestoreOptions, restoreBackup } from './restore-backup.ts';
import { readRestored } from './restored-record.ts';
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
    await database.owner`
      insert into hosts (id, name, version, keys, storage, vectors)
      values (${crypto.randomUUID()}, 'a', '1', 'k', 'local', 'local')`;
    // Of the server's operator, and of no role that a platform has.
    await database.owner`create extension pg_stat_statements`;
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
    expect([state.newest?.id, state.provableSince], 'no drill is due by itself').toEqual([id, undefined]);
  });

  it('is refused where the database is not one to fill, and nothing is touched', async () => {
    const into = join(folder, 'refused');
    const refused = (options: Partial<RestoreOptions>) =>
      restoreBackup({ repository: place.repository, id: undefined, into, held: [], progress, ...options }).then(
        () => 'restored',
        ({ message }: Error) => message,
      );
    expect(await refused({})).toContain('set DATABASE_URL to an empty database of PostgreSQL');
    const moment = await refused({ databaseUrl: database.ownerUrl, at: new Date() });
    expect(moment).toMatch(/holds a dump, which is as of its own moment alone: leave --at out$/);
    await database.owner`select 'connected'`;
    const full = await refused({ databaseUrl: database.ownerUrl });
    expect(full).toMatch(
      new RegExp(`database "${database.name}" is not empty: \\d+ objects, such as schema "drizzle"`),
    );
    expect(full, 'the connection of this test').toContain('are connected to database "');
    expect(await refused({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })).toContain(
      'the database of DATABASE_URL cannot be used: connect ECONNREFUSED',
    );
    const { url } = await emptyDatabase('nocreaterole');
    expect(await refused({ databaseUrl: url })).toMatch(
      /role "\w+" may not create roles, as migrations do: give it CREATEROLE/,
    );
    await expect(readFile(into)).rejects.toThrow('ENOENT');
    expect(await database.owner`select name from organizations`).toHaveLength(1);
  });

  it('names an older server, an older pg_restore and a part that is missing', async () => {
    const { url } = await emptyDatabase();
    const { postgres: programs } = await findBinaries(['postgres']);
    const { manifest, backup } = await newest();
    const inTheWay = (postgres: number, change: Partial<Parameters<typeof whatIsInTheWay>[0]> = {}) =>
      whatIsInTheWay({
        ...{ manifest: { ...manifest, database: { ...manifest.database, postgres } }, programs },
        ...{
          into: join(folder, 'x'),
          snapshots: new Set(backup.snapshots),
          dumpTarget: { databaseUrl: url },
          ...change,
        },
      });
    const { postgres } = manifest.database;
    expect(await inTheWay(postgres)).toEqual([]);
    expect(await inTheWay(99)).toEqual([
      `its dump is of PostgreSQL 99, and pg_restore here is of ${postgres}: install postgresql-client-99`,
      `its dump is of PostgreSQL 99, and the server of DATABASE_URL is of ${postgres}: use one of 99 or newer`,
    ]);
    expect(await inTheWay(99, { dumpTarget: 'own server' })).toEqual([
      `its dump is of PostgreSQL 99, and here is ${postgres}: install postgresql-99`,
    ]);
    const newer = join(folder, 'newer');
    await mkdir(newer);
    await writeFile(join(newer, 'pg_restore'), '#!/bin/sh\necho "pg_restore (PostgreSQL) 17.4"\n', { mode: 0o755 });
    expect(await inTheWay(postgres, { programs: newer })).toEqual(
      postgres < 17
        ? [
            expect.stringContaining(
              `which it does not serve: use a server of 17 or newer, or install postgresql-client-${postgres}`,
            ),
          ]
        : [],
    );
    expect(await inTheWay(postgres, { programs: join(folder, 'nowhere') })).toEqual([
      `pg_restore is missing: install postgresql-client-${postgres}`,
    ]);
    const partial = new Set(backup.snapshots.filter((id) => !id.startsWith(manifest.snapshots.files ?? 'none')));
    expect(await inTheWay(postgres, { snapshots: partial })).toEqual(['its part "files" is missing in the repository']);
  });

  it('leaves the database empty when it cannot be filled to the end, and its home does not start', async () => {
    const { url, administrate } = await emptyDatabase();
    await administrate(async (sql) => {
      await sql`create schema operators`;
      await sql`create function operators.refuse() returns event_trigger language plpgsql as $$ begin raise 'no more'; end $$`;
      await sql`create event trigger refuse on ddl_command_start when tag in ('CREATE POLICY') execute function operators.refuse()`;
    });
    const into = join(folder, 'half');
    const options = { repository: place.repository, id: undefined, into, databaseUrl: url, held: [], progress };
    await expect(restoreBackup(options)).rejects.toThrow(/Bring back dump: .*no more/);
    await administrate(async (sql) => {
      expect(await sql`select 1 from pg_class where relnamespace = 'public'::regnamespace`).toHaveLength(0);
    });
    const places = placesOf(await prepareHome(into), { DATABASE_URL: url });
    await expect(assertDatabasePresent(places)).rejects.toThrow('it was not restored to the end');
  });

  it('is brought back by the command for another owner, with rows, files, keys, rights and its id', async () => {
    const { url, name, role } = await emptyDatabase();
    const { manifest } = await newest();
    const into = join(folder, 'restored');
    const env = {
      ...{ ...commandEnvironment, PANDECT_HOME: join(folder, 'nothing'), DATABASE_URL: url },
      ...{ BACKUP_TO: place.target.repository, BACKUP_PASSPHRASE: PASSPHRASE },
    };
    const args = ['pandect.ts', 'restore', '--backup', manifest.id, '--into', into];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    expect(stdout).toContain('The database of DATABASE_URL is filled from the dump');

    const home = await prepareHome(into);
    const sql = connect(url);
    try {
      const rows = Object.entries(manifest.database.rows).map(([table, { after }]) => [table, after]);
      expect(await countRows(sql)).toEqual(Object.fromEntries(rows));
      expect(await rightsIn(sql, role)).toEqual(await rightsIn(database.owner, new URL(database.ownerUrl).username));
      expect(await sql`select 1 from hosts`, 'that of the former platform').toHaveLength(0);
    } finally {
      await sql.end();
    }
    expect(await readFile(join(home.files, key), 'utf8')).toBe('A document');
    const places = placesOf(home, { DATABASE_URL: url });
    expect(await assertWhole(places, url)).toBe(await readHomeId(lost.home));
    expect(await readRestored(home)).toMatchObject({ backup: manifest.id, held: expect.arrayContaining(['notify']) });
    expect(await readdir(join(home.root, 'backup')), 'the dump and its list').toEqual([]);
    // As after a database that was brought back by other means.
    const settled = await settleElsewhere({
      ...{ home, databaseUrl: url, at: new Date(manifest.at), filesFolder: home.files, held: ['notify'] },
      ...{ erasures: async () => [], afterRestore: {}, settings: {} },
    });
    expect(settled).toMatchObject({ at: manifest.at, held: ['notify'] });
    const again = restoreBackup({
      ...{ repository: place.repository, id: undefined, into: join(folder, 'y'), databaseUrl: url, held: [], progress },
    });
    await expect(again, 'by now it is filled').rejects.toThrow(`database "${name}" is not empty`);
  });

  it('is proven by a drill on a server of its own, which has none of its roles', async () => {
    const prove = {
      async roles(url: string) {
        const sql = connect(url);
        const [row] = await sql`select count(*)::int as count from documents`.finally(() => sql.end());
        return { state: 'ok' as const, detail: `${row?.count}` };
      },
    };
    const { isPassed, proofs } = await drill(place, { id: undefined, prove, progress });
    expect({ isPassed, proofs }).toMatchObject({
      isPassed: true,
      proofs: [{ name: 'rows' }, { name: 'files' }, { name: 'content' }, { name: 'roles', detail: '1' }],
    });
  });

  async function newest() {
    const backup = findBackup(await listBackups(place.repository), undefined);
    return { backup, manifest: await readManifest(place.repository, backup) };
  }
});

/** A database without anything in it, of a role like that of a managed server. */
async function emptyDatabase(right = 'createrole') {
  const name = `test_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const role = `${name}_owner`;
  await asAdministrator(database.ownerUrl, async (sql) => {
    await sql.unsafe(`create role ${role} login ${right} password 'owner'`);
    await sql.unsafe(`create database ${name} owner ${role}`);
  });
  onTestFinished(() =>
    asAdministrator(database.ownerUrl, async (sql) => {
      await sql.unsafe(`drop database ${name} with (force)`);
      await sql.unsafe(`drop role ${role}`);
    }),
  );
  const url = Object.assign(new URL(withDatabase(database.ownerUrl, name)), { username: role, password: 'owner' }).href;
  const administrate = async (work: (sql: Sql) => Promise<void>) => {
    const sql = connect(withDatabase(database.ownerUrl, name));
    await work(sql).finally(() => sql.end());
  };
  return { name, role, url, administrate };
}

/** What anyone but the owner may do. */
const rightsIn = async (sql: Sql, owner: string) => ({
  policies: [
    ...(await sql`select schemaname, tablename, policyname, roles, cmd, qual, with_check from pg_policies order by 1, 2, 3`),
  ],
  grants: [
    ...(await sql`
      with objects as (
        select relnamespace as schema, relname::text as name, '' as part, relacl as acl from pg_class
        union all select relnamespace, relname, attname, attacl from pg_attribute join pg_class on pg_class.oid = attrelid
        union all select pronamespace, proname, pg_get_function_identity_arguments(oid), proacl from pg_proc
        union all select oid, nspname, 'schema', nspacl from pg_namespace
      )
      select schema::regnamespace::text, name, part, coalesce(nullif(grantee, 0)::regrole::text, 'public') as grantee, privilege_type
      from objects, aclexplode(acl)
      where schema::regnamespace::text in ('public', 'pgboss', 'drizzle') and grantee is distinct from ${owner}::regrole
        and name !~ '^pg_stat_statements' and grantee is distinct from 'pg_database_owner'::regrole
      order by 1, 2, 3, 4, 5`),
  ],
  secured: [...(await sql`select relname from pg_class where relrowsecurity order by 1`)],
});
