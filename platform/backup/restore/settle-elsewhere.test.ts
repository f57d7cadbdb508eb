import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Erasure } from '../../capabilities/storage/erasure-journal.ts';
import type { RestoredData } from '../../kernel/composition.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { lockHome } from '../../supervisor/home/home-lock.ts';
import { openJournal } from '../../supervisor/home/journal.ts';
import { testDatabase } from '../../testing/database.ts';
import { readRestored } from './restored-record.ts';
import { settleElsewhere } from './settle-elsewhere.ts';

const database = await testDatabase();
afterAll(() => database.close());

const at = new Date('2026-01-31T12:00:00.000Z');
const key = crypto.randomUUID();
let place: TemporaryHome;
let erased: string;
let kept: string;
beforeEach(async () => {
  place = await temporaryHome();
  const { owner } = database;
  await owner`delete from organizations`;
  await owner`delete from hosts`;
  const add = async (name: string) => {
    const [row] = await owner<
      { id: string }[]
    >`insert into organizations (name, tier) values (${name}, 'basic') returning id`;
    return row?.id as string;
  };
  [erased, kept] = [await add('Erased'), await add('Kept')];
  const [user] = await owner<{ id: string }[]>`
    insert into users (organization_id, email, password_hash, role) values (${kept}, 'a@example.org', 'none', 'owner') returning id`;
  const userId = user?.id as string;
  await owner`
    insert into refresh_tokens (family_id, user_id, token_hash, expires_at)
    values (${crypto.randomUUID()}, ${userId}, 'hash', now() + interval '1 day')`;
  await owner`
    insert into api_keys (id, organization_id, user_id, name, prefix, key_hash, scopes)
    values (${key}, ${kept}, ${userId}, 'k', 'p', ${key}, '{ask}')`;
});
afterEach(() => place.remove());

const seen: RestoredData[] = [];
const settle = () =>
  settleElsewhere({
    ...{ home: place.home, databaseUrl: database.ownerUrl, at, filesFolder: place.home.files, held: ['notify'] },
    erasures: async (): Promise<Erasure[]> => [
      { kind: 'organization', id: erased },
      { kind: 'key', id: key },
    ],
    afterRestore: {
      people: async (restored) => {
        seen.push(restored);
        return { state: 'ok', detail: 'one' };
      },
    },
    settings: { SHOP: '1' },
  });
const names = async () => (await database.owner`select name from organizations`).map(({ name }) => name);

describe('a database that was brought back by other means', () => {
  it('lets nothing live again that any host had erased, and holds what reaches people', async () => {
    const { settled, after } = await settle();
    expect(settled).toEqual({ sessions: 1, keys: 1, organizations: 1, files: 0 });
    expect(await names()).toEqual(['Kept']);
    expect(after).toMatchObject({ people: { detail: 'one' } });
    expect(seen).toMatchObject([{ at, erased: [{ id: erased }, { id: key }], settings: { SHOP: '1' } }]);
    expect(await readRestored(place.home)).toMatchObject({ at: at.toISOString(), held: ['notify'] });
    const journal = await openJournal(`${place.home.root}/journal.json`);
    expect(journal.state.units.notify).toMatchObject({ paused: true });
    expect((await settle()).settled).toEqual({ sessions: 0, keys: 0, organizations: 0, files: 0 });
  });

  it('is left as it is while a host serves it, or this one runs', async () => {
    await database.owner`
      insert into hosts (id, name, version, keys, storage, vectors)
      values (${crypto.randomUUID()}, 'a', '1', 'k', 'local', 'local')`;
    await expect(settle()).rejects.toThrow('"a" serve it: stop all hosts first');
    await database.owner`delete from hosts`;
    const lock = await lockHome(place.home);
    await expect(settle()).rejects.toThrow('one is running there');
    lock.release();
    expect((await names()).toSorted()).toEqual(['Erased', 'Kept']);
    expect(await readRestored(place.home)).toBeUndefined();
  });
});
