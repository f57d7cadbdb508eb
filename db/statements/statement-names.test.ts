import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../platform/testing/database.ts';
import { createDatabase } from '../client.ts';
import { isDatabaseAway } from '../is-away.ts';
import { createStatementNames } from './statement-names.ts';

const database = await testDatabase();
afterAll(() => database.close());

describe('createStatementNames', () => {
  it('names a statement that comes for the third time, and the same one the same from then on', () => {
    const nameOf = createStatementNames();
    const named = ['a', 'b', 'a', 'a', 'b', 'b', 'a'].map(nameOf);
    expect(named).toEqual([undefined, undefined, undefined, 'statement_0', undefined, 'statement_1', 'statement_0']);
  });

  it('names no long one, and no more than the server should keep', () => {
    const nameOf = createStatementNames();
    const thrice = (text: string) => [1, 2, 3].map(() => nameOf(text)).at(-1);
    expect(thrice('x'.repeat(10_001))).toBeUndefined();
    const names = Array.from({ length: 250 }, (_, index) => thrice(`select ${index}`));
    expect(new Set(names.filter((name) => name !== undefined)).size).toBe(200);
    expect(nameOf('select 0')).toBe('statement_0');
  });

  it('counts on when very many came once', () => {
    const nameOf = createStatementNames();
    for (let index = 0; index < 5_000; index++) nameOf(`select ${index}`);
    expect([1, 2, 3].map(() => nameOf('again')).at(-1)).toBe('statement_0');
  });
});

describe('a statement that the server keeps', () => {
  it('is kept for its connection, also when it failed, and gives the same as before', async () => {
    const one = createDatabase({ url: database.url('tenant'), connections: 1 });
    const divide = (by: number) =>
      one.transaction(async (tx) => {
        const [row] = await tx.execute<{ n: number }>(sql`select (12 / ${by}::int) as n`);
        return row?.n;
      });
    const results = [];
    for (const by of [1, 2, 3, 0, 4, 0, 6]) results.push(await divide(by).catch(() => 'failed'));
    expect(results).toEqual([12, 6, 4, 'failed', 3, 'failed', 2]);
    const kept = await one.transaction((tx) =>
      tx.execute<{ statement: string }>(sql`select statement from pg_prepared_statements`),
    );
    expect([...kept].map(({ statement }) => statement)).toEqual(['select (12 / $1::int) as n']);
    await one.close();
  });

  it.each(['in a transaction', 'by itself'])(
    'is told as a lost connection once its table has changed, %s',
    async (how) => {
      const table = how === 'by itself' ? 'kept_alone' : 'kept';
      await database.owner.unsafe(`create table ${table} as select 1 as a; grant select on ${table} to public`);
      const one = createDatabase({ url: database.url('tenant'), connections: 1 });
      const text = `select * from ${table}`;
      const read = async () =>
        how === 'by itself' ? one.statement(text, []) : [...(await one.transaction((tx) => tx.execute(sql.raw(text))))];
      for (let times = 0; times < 4; times++) expect(await read()).toEqual([{ a: 1 }]);
      await database.owner.unsafe(`alter table ${table} alter column a type text`);
      await expect(read()).rejects.toSatisfy(isDatabaseAway);
      for (let times = 0; times < 4; times++) expect(await read()).toEqual([{ a: '1' }]);
      await one.close();
    },
  );
});
