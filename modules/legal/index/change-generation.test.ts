import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { abortBuild, beginBuild, holdLiveGeneration, markVerified, rollBack, switchTo } from './change-generation.ts';
import type { IndexSettings } from './generation.ts';

const database = await testDatabase();
afterAll(() => database.close());
const wanted: IndexSettings = { chunker: 'c', embeddingModel: 'm', dimensions: 8, store: 'sqlite' };

beforeEach(async () => {
  await database.owner`delete from index_generations where generation > 1`;
  await database.owner`update index_generations set state = 'live'`;
});
const change = <T>(work: Parameters<typeof database.platform.transaction<T>>[0]) => database.platform.transaction(work);
const states = async () =>
  (await database.owner`select generation, state from index_generations order by generation`).map(
    ({ generation, state }) => `${generation} ${state}`,
  );
async function build() {
  const { generation } = await change((tx) => beginBuild(tx, wanted));
  await change((tx) => markVerified(tx, generation));
  await change((tx) => switchTo(tx, generation));
  return generation;
}

describe('a build', () => {
  it('begins next to the live index, and begun again is the same one', async () => {
    const builds = await Promise.all([1, 2, 3].map(() => change((tx) => beginBuild(tx, wanted))));
    expect(builds.map(({ generation }) => generation)).toEqual([2, 2, 2]);
    expect(await states()).toEqual(['1 live', '2 building']);
  });

  it('with other settings than the one under way is refused', async () => {
    await change((tx) => beginBuild(tx, wanted));
    await expect(change((tx) => beginBuild(tx, { ...wanted, dimensions: 9 }))).rejects.toThrow('dimensions 8 → 9');
  });

  it('does not go live unverified', async () => {
    const { generation } = await change((tx) => beginBuild(tx, wanted));
    await expect(change((tx) => switchTo(tx, generation))).rejects.toThrow('not verified');
    expect(await states()).toEqual(['1 live', '2 building']);
  });

  it('goes live once verified; the index before it is kept, and the one kept before that goes', async () => {
    await build();
    expect(await states()).toEqual(['1 kept', '2 live']);
    await build();
    expect(await states()).toEqual(['1 removed', '2 kept', '3 live']);
  });

  it('that is given up leaves the live index alone, and its number is not used again', async () => {
    await change((tx) => beginBuild(tx, wanted));
    expect(await change(abortBuild)).toBe(2);
    await expect(change(abortBuild)).rejects.toThrow('none is being built');
    expect(await states()).toEqual(['1 live', '2 removed']);
    expect((await change((tx) => beginBuild(tx, wanted))).generation).toBe(3);
  });
});

describe('a rollback', () => {
  it('makes the kept index live, and a second one the other again', async () => {
    await build();
    expect(await change(rollBack)).toEqual({ from: 2, to: 1 });
    expect(await states()).toEqual(['1 live', '2 kept']);
    expect(await change(rollBack)).toEqual({ from: 1, to: 2 });
  });

  it('is refused when no index is kept', async () => {
    await expect(change(rollBack)).rejects.toThrow('none is kept');
  });
});

describe('anyone who makes a document ready', () => {
  it('keeps the live index the one it is until the end', async () => {
    const held = Promise.withResolvers<void>();
    const isHeld = Promise.withResolvers<number>();
    const ready = database.tenant.transaction(async (tx) => {
      isHeld.resolve(await holdLiveGeneration(tx));
      await held.promise;
    });
    expect(await isHeld.promise).toBe(1);
    let switched = false;
    const switching = build().then(() => {
      switched = true;
    });
    // Others who make documents ready are not held up by it.
    const [waiting] = await expect
      .poll(async () => database.owner`select 1 from pg_locks where locktype = 'advisory' and not granted`)
      .toHaveLength(1)
      .then(() => [switched]);
    expect(waiting).toBe(false);
    held.resolve();
    await Promise.all([ready, switching]);
    expect(switched).toBe(true);
  });

  it('may only look at which one that is', async () => {
    await expect(database.tenant.transaction((tx) => beginBuild(tx, wanted))).rejects.toMatchObject({
      cause: { message: expect.stringContaining('permission denied') },
    });
  });
});
