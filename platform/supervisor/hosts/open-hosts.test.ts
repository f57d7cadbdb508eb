import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureKeyPair } from '../../capabilities/signing-keys/key-pair.ts';
import { defineSecretKey } from '../../kernel/environment.ts';
import { createLog } from '../../kernel/log.ts';
import { ensureSecretKeys } from '../../services/secret-keys.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { testDatabase } from '../../testing/database.ts';
import { placesOf, readHomeId, writeRecord } from '../home/whole-home.ts';
import { databaseLogins } from '../keys/logins.ts';
import { liveHosts } from './host-rows.ts';
import { openHosts } from './open-hosts.ts';
import { exportKeys, joinPlatform } from './shared-keys.ts';

const database = await testDatabase();
afterAll(() => database.close());

const variables = [defineSecretKey('SHARED_KEY_PATH', 'shared-key', 'A key')];
const homes: TemporaryHome[] = [];
beforeEach(() => database.owner`delete from hosts`);
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});

const settings = {
  ...{ DATABASE_URL: database.ownerUrl, REDIS_URL: 'redis://localhost:1' },
  ...{ STORAGE: 's3', S3_ENDPOINT: 'https://s3.example', S3_BUCKET: 'files', QDRANT_URL: 'http://qdrant:6333' },
};

/** A host with a home of its own, in which nothing was started yet. */
async function makeHost({ hosts = 2, source = settings }: { hosts?: number; source?: Record<string, string> } = {}) {
  const place = await temporaryHome();
  homes.push(place);
  const places = placesOf(place.home, source);
  const keys = { places, variables, source };
  const own = openHosts({ ...keys, hosts, databaseUrl: database.ownerUrl });
  return {
    ...{ places, keys, ...own },
    /** What a first start does. */
    async start() {
      await own.assertMayServe();
      await ensureKeyPair(places.keys.privatePath, places.keys.publicPath);
      await ensureSecretKeys(place.home, variables, source);
      await databaseLogins(place.home, database.ownerUrl);
      if ((await readHomeId(place.home)) === undefined) await writeRecord(place.home, { id: crypto.randomUUID() });
      await own.enter();
    },
  };
}

/** A running host, and a second one that has joined it. */
async function makeTwo(second: Parameters<typeof makeHost>[0] = {}) {
  const [first, other] = [await makeHost(), await makeHost(second)];
  await first.start();
  await joinPlatform(other.keys, await exportKeys(first.keys));
  return { first, other };
}

describe('a second host', () => {
  it('may serve with the keys of the first, and both are known', async () => {
    const { first, other } = await makeTwo();
    await other.start();
    const live = await liveHosts(database.owner);
    expect(live.map(({ keys }) => keys)).toEqual([live[0]?.keys, live[0]?.keys]);
    expect(live).toHaveLength(2);
    const { home } = other.places;
    expect(await readHomeId(home)).toBe(await readHomeId(first.places.home));
    for (const name of ['jwt-private.pem', 'database-logins.json', 'shared-key'])
      expect(await readFile(join(home.keys, name))).toEqual(await readFile(join(first.places.home.keys, name)));
    expect((await stat(join(home.keys, 'jwt-private.pem'))).mode & 0o077).toBe(0);
    await expect(first.assertAlone()).rejects.toThrow(/^Rotate keys: ".+" would keep the earlier ones/);
  });

  it('is refused before it makes keys of its own', async () => {
    await (await makeHost()).start();
    const other = await makeHost();
    await expect(other.start()).rejects.toThrow('this home has no keys of it: run "pandect hosts export FILE"');
    expect(existsSync(other.places.keys.privatePath)).toBe(false);
  });

  it.each([
    [{ hosts: 1 }, 'set PANDECT_HOSTS on all hosts'],
    [{ source: { ...settings, S3_BUCKET: 'other' } }, 'another STORAGE and the bucket: https://s3.example/files'],
    [{ source: { ...settings, QDRANT_URL: 'http://other:6333' } }, 'another QDRANT_URL'],
  ])('with %j is refused', async (options, reason) => {
    const { other } = await makeTwo(options);
    await expect(other.start()).rejects.toThrow(reason);
  });

  it('of an older version is refused', async () => {
    const { other } = await makeTwo();
    await database.owner`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9000000000000)`;
    await expect(other.start()).rejects.toThrow('upgrade it');
    await database.owner`delete from drizzle.__drizzle_migrations where hash = 'newer'`;
  });

  it('may take the place of one that has ended, or was not heard of for 30 s', async () => {
    const first = await makeHost({ hosts: 1 });
    await first.start();
    const beats = first.keep(() => database.url('tenant-worker'), createLog({ level: 'fatal' }));
    const next = await makeHost({ hosts: 1 });
    await joinPlatform(next.keys, await exportKeys(first.keys));
    await expect(next.start()).rejects.toThrow('serves this database');
    await beats.stop();
    await next.start();
    await database.owner`update hosts set seen_at = now() - interval '31 seconds'`;
    await first.start();
    await first.assertAlone();
  });

  it('ends although the database does not answer it', async () => {
    const first = await makeHost({ hosts: 1 });
    await first.start();
    const beats = first.keep(() => database.url('tenant-worker'), createLog({ level: 'fatal' }));
    await database.owner.begin(async (tx) => {
      await tx`lock table hosts`;
      const late = new Promise((resolve) => void setTimeout(resolve, 20_000, 'late').unref());
      expect(await Promise.race([beats.stop(), late])).toBeUndefined();
    });
  });

  it('has to be empty, and takes nothing but what was exported', async () => {
    const { first, other } = await makeTwo();
    const text = await exportKeys(first.keys);
    await joinPlatform(other.keys, text); // once more
    const third = await makeHost();
    await expect(exportKeys(third.keys)).rejects.toThrow('no platform was started there yet');
    await expect(joinPlatform(third.keys, '{}')).rejects.toThrow('not one that "pandect hosts export" wrote');
    const unknown = JSON.stringify({ ...JSON.parse(text), keys: { '../../evil': '' } });
    await expect(joinPlatform(third.keys, unknown)).rejects.toThrow('does not know the key "../../evil"');
    await writeRecord(third.places.home, { id: crypto.randomUUID() });
    await expect(joinPlatform(third.keys, text)).rejects.toThrow('it belongs to another platform');
    await ensureKeyPair(third.places.keys.privatePath, third.places.keys.publicPath);
    const fourth = await makeHost();
    await writeFile(fourth.places.keys.privatePath, 'x');
    await expect(joinPlatform(fourth.keys, text)).rejects.toThrow('it has keys of its own');
  });
});
