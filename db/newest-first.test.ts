import { sql } from 'drizzle-orm';
import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { newestFirst, type Position } from './newest-first.ts';
import { auditLog } from './schema/people/audit-log.ts';
import { organizations } from './schema/people/organizations.ts';

const database = await testDatabase();
afterAll(() => database.close());

it('has every row on one page, also those that are microseconds apart', async () => {
  const times = ['00.123456', '00.123999', '00.123001', '00.123456', '00.124', '00.122999', '00.123'];
  for (const time of times) {
    // As text: the client of the test would send a time with milliseconds.
    await database.owner`
      insert into organizations (name, created_at) values (${time}, ${`2026-03-01T00:00:${time}Z`}::text::timestamptz)`;
  }
  const { order, after } = newestFirst(organizations.createdAt, organizations.id);
  const names: string[] = [];
  let position: Position | undefined;
  do {
    const page = await database.platform.transaction((tx) =>
      tx
        .select()
        .from(organizations)
        .where(after(position))
        .orderBy(...order)
        .limit(2),
    );
    names.push(...page.map(({ name }) => name));
    const last = page.at(-1);
    position = last && { at: last.createdAt.toISOString(), id: last.id };
  } while (position);
  expect(names.toSorted()).toEqual(times.toSorted());
  expect([names[0], names.at(-1)]).toEqual(['00.124', '00.122999']);
});

it('takes a column that has no microseconds as it stands, as its index has it', async () => {
  const { order } = newestFirst(auditLog.createdAt, auditLog.id);
  const plan = await database.platform.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`);
    return tx.execute<{ 'QUERY PLAN': string }>(
      sql`explain select * from ${auditLog} where organization_id = gen_random_uuid() order by ${sql.join(order, sql`, `)} limit 1`,
    );
  });
  expect([...plan].map((row) => row['QUERY PLAN']).join('\n')).toContain('Presorted Key: created_at');
});
