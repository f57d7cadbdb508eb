import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { type TestDatabase, testDatabase } from '../../testing/database.ts';
import { assertDatabasePresent, assertWhole, type Places, placesOf, recordHome, writeRecord } from './whole-home.ts';

/** A home with an external database, unless a case says otherwise. */
let home: TemporaryHome;
let database: TestDatabase;
let places: Places;

beforeEach(async () => {
  home = await temporaryHome();
  database = await testDatabase();
  places = placesOf(home.home, { DATABASE_URL: database.ownerUrl });
});
afterEach(async () => {
  await database.close();
  await home.remove();
});

const put = async (path: string, content = 'content') => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
};
const putKeys = () => put(places.keys.privatePath);
const putFile = () => put(join(home.home.files, 'organization', 'file'));
const whole = () => assertWhole(places, database.ownerUrl);
const addDocument = async () => {
  const { id } = await testOrganization(database);
  await database.owner`
    insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key)
    values (${id}, 't', 'f.txt', 'txt', 1, ${'a'.repeat(64)}, 'key')`;
};
const start = async () => recordHome(places, database.ownerUrl, await whole());

describe('a home with a database of its own', () => {
  beforeEach(() => {
    places = placesOf(home.home, {});
  });

  it('starts where nothing is there, and where its first start was cut off', async () => {
    await assertDatabasePresent(places);
    await put(join(home.home.keys, 'postgres-password'));
    await assertDatabasePresent(places);
  });

  it('does not start before it is restored to the end', async () => {
    const id = crypto.randomUUID();
    await writeRecord(home.home, { id, state: 'restoring' });
    await expect(assertDatabasePresent(places)).rejects.toThrow('it was not restored to the end: remove the folder');
  });

  it.each([
    ['keys', putKeys],
    ['files', putFile],
    ['home.json', () => put(join(home.home.root, 'home.json'), `{"id":"${crypto.randomUUID()}"}`)],
  ])('with %s and no database is refused, with what is there and what is missing', async (part, make) => {
    await make();
    await expect(assertDatabasePresent(places)).rejects.toThrow(
      `only a part of it is there: ${part}; missing: database ("${join(home.home.postgres, 'data')}"). Restore what is missing`,
    );
  });

  it('names what was restored into a wrong folder', async () => {
    await putKeys();
    const wrong = join(home.home.postgres, 'pgdata');
    await put(join(wrong, 'PG_VERSION'));
    await expect(assertDatabasePresent(places)).rejects.toThrow(`these may belong there: "${wrong}"`);
  });

  it('with a database and not its password is refused', async () => {
    await put(join(home.home.postgres, 'data', 'PG_VERSION'));
    await expect(assertDatabasePresent(places)).rejects.toThrow(/there: database; missing: "[^"]*postgres-password"/);
  });
});

describe('a home with an external database', () => {
  it('gets one id on both sides, and keeps it', async () => {
    await start();
    const [first] = await database.owner`select id from homes`;
    await start();
    expect(await whole()).toBe(first?.id);
  });

  it('is carried over from a version without ids', async () => {
    await testOrganization(database);
    await putKeys();
    await start();
    expect(await database.owner`select id from homes`).toHaveLength(1);
  });

  it('with files and a database without rows is refused', async () => {
    await putFile();
    await expect(whole()).rejects.toThrow('there: files; missing: the rows of the database, which is empty');
  });

  it('that was used with another database is refused over one without rows', async () => {
    await put(join(home.home.root, 'home.json'), `{"id":"${crypto.randomUUID()}"}`);
    await expect(whole()).rejects.toThrow('there: home.json; missing: the rows of the database, which is empty');
  });

  it('with keys and a new, empty database is refused', async () => {
    await database.owner.unsafe('drop schema public cascade; create schema public');
    await whole();
    await putKeys();
    await expect(whole()).rejects.toThrow('there: keys; missing: the rows of the database, which is empty');
  });

  it('with documents and without files starts where these are stored elsewhere', async () => {
    await addDocument();
    await putKeys();
    places = placesOf(home.home, { DATABASE_URL: database.ownerUrl, STORAGE: 's3' });
    await whole();
  });

  it('with rows and no keys is refused', async () => {
    await testOrganization(database);
    await expect(whole()).rejects.toThrow(`there: database; missing: keys ("${places.keys.privatePath}")`);
  });

  it('with documents and no files is refused', async () => {
    await addDocument();
    await putKeys();
    await expect(whole()).rejects.toThrow(`there: keys, database; missing: files ("${places.files}")`);
    await putFile();
    await start();
  });

  it('is refused with the database of another home', async () => {
    await start();
    await put(join(home.home.root, 'home.json'), `{"id":"${crypto.randomUUID()}"}`);
    await expect(whole()).rejects.toThrow('the database belongs to another home');
    await rm(join(home.home.root, 'home.json'));
    await start();
  });

  it('with an unreadable home.json is refused', async () => {
    await put(join(home.home.root, 'home.json'), '{');
    await expect(whole()).rejects.toThrow(/home.json": not readable/);
  });
});
