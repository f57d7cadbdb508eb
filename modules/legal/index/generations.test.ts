import { afterAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/client.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { createGenerations } from './generations.ts';

const database = await testDatabase();
afterAll(() => database.close());

/** A tenant's connection that counts how often it is asked, and can be taken away. */
function counted() {
  const state = { asked: 0, away: false };
  const watched: Database = {
    ...database.tenant,
    async transaction(work) {
      state.asked += 1;
      if (state.away) throw new Error('away');
      return database.tenant.transaction(work);
    },
  };
  return { state, watched };
}

describe('generations', () => {
  it('are looked up on use, at most once a second, and a switch is seen by the next look', async () => {
    const { state, watched } = counted();
    let time = 0;
    const generations = createGenerations(watched, () => time);
    expect(state.asked).toBe(0);
    expect((await generations.live()).generation).toBe(1);
    time = 999;
    await Promise.all([generations.live(), generations.list()]);
    expect(state.asked).toBe(1);
    await database.owner`update index_generations set state = 'kept' where generation = 1`;
    await database.owner`
      insert into index_generations (generation, state, chunker, embedding_model, dimensions, store)
      values (2, 'live', 'c', 'm', 8, 'sqlite')`;
    expect((await generations.live()).generation).toBe(1);
    time = 1000;
    expect((await generations.live()).generation).toBe(2);
    expect((await generations.list()).map(({ generation }) => generation)).toEqual([2, 1]);
  });

  it('are those known last while the database is unavailable, and an error while nothing is known', async () => {
    const { state, watched } = counted();
    let time = 0;
    const generations = createGenerations(watched, () => time);
    state.away = true;
    await expect(generations.live()).rejects.toThrow('away');
    state.away = false;
    const { generation } = await generations.live();
    state.away = true;
    time = 5_000;
    expect((await generations.live()).generation).toBe(generation);
    await expect(generations.refresh()).rejects.toThrow('away');
  });

  it('leave removed ones out', async () => {
    await database.owner`
      insert into index_generations (generation, state, chunker, embedding_model, dimensions, store)
      values (9, 'removed', 'c', 'm', 8, 'sqlite')`;
    const list = await createGenerations(database.tenant).list();
    expect(list.map(({ state }) => state)).not.toContain('removed');
  });
});
