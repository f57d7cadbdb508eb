import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ensureKeyPair } from '../../capabilities/signing-keys/key-pair.ts';
import { createLog } from '../../kernel/log.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { testDatabase } from '../../testing/database.ts';
import type { ChangeEvent } from '../control/contract.ts';
import { placesOf } from '../home/whole-home.ts';
import { createKeyRotation, type KeyRotation } from './key-rotation.ts';
import { databaseLogins } from './logins.ts';

const database = await testDatabase();
afterAll(() => database.close());

/** A home on servers that the operator gave, in which nothing runs. */
describe('createKeyRotation', () => {
  const homes: TemporaryHome[] = [];
  const rotations: KeyRotation[] = [];
  afterEach(async () => {
    for (const rotation of rotations.splice(0)) rotation.stop();
    for (const home of homes.splice(0)) await home.remove();
  });

  const make = async () => {
    const place = await temporaryHome();
    homes.push(place);
    const source = { DATABASE_URL: database.ownerUrl, REDIS_URL: 'redis://localhost:1' };
    const places = placesOf(place.home, source);
    await ensureKeyPair(places.keys.privatePath, places.keys.publicPath);
    const begin = async () => {
      const logins = { database: await databaseLogins(place.home, database.ownerUrl), redis: undefined };
      const rotation = createKeyRotation({
        ...{ places, logins, log: createLog({ level: 'fatal' }) },
        units: { all: [], change: async () => true },
        live: { source, reread: async () => [] },
        hosts: { assertAlone: async () => {} },
      });
      rotations.push(rotation);
      return { logins, rotation };
    };
    return { begin, ...(await begin()) };
  };
  const run = async (rotation: KeyRotation, what: string) => {
    const events: ChangeEvent[] = [];
    await rotation.rotate(what, (event) => void events.push(event));
    return events.map(({ unit, step, message }) => `${unit} ${step}: ${message}`);
  };

  it('says what it leaves to the operator where the servers are theirs', async () => {
    const { rotation, logins } = await make();
    const said = (await run(rotation, 'all')).join('\n');
    expect(said).toMatch(/^jwt done: earlier public keys are dropped at /m);
    expect(said).toMatch(/^database done: the earlier logins are refused$/m);
    expect(said).toMatch(/^database unchanged: .*DATABASE_URL/m);
    expect(said).toMatch(/^redis unchanged: .*REDIS_URL/m);
    expect(logins.database.now).toMatchObject({ rotation: 1 });
    await expect(run(rotation, 'redis')).rejects.toThrow(/^Rotate keys "redis": its server is yours: .*REDIS_URL/);
  });

  it('refuses other names, and a rotation while another is under way', async () => {
    const { rotation, logins } = await make();
    await expect(run(rotation, 'databse')).rejects.toThrow(
      /^Rotate keys "databse": known are jwt, database, redis, all.*database/,
    );
    const first = run(rotation, 'database');
    await expect(run(rotation, 'jwt')).rejects.toThrow('another rotation is under way');
    await first;
    await run(rotation, 'database');
    expect(logins.database.now.rotation).toBe(2);
  });

  it('completes what an earlier supervisor began, with the same passwords', async () => {
    const { begin, logins } = await make();
    await logins.database.begin();
    const begun = logins.database.now;
    expect(begun.previous).toBeDefined();
    const next = await begin();
    expect(next.logins.database.now).toEqual(begun);
    await expect.poll(() => next.logins.database.rotating, { timeout: 20_000 }).toBe(false);
    expect(next.logins.database.now).toEqual({ rotation: 1, passwords: begun.passwords });
  });
});
