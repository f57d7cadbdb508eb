import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { currentMonth, isoTime, startOfDay, startOfMonth } from './utc.ts';

const database = await testDatabase();
afterAll(() => database.close());

/** One row, read in a session of that time zone. */
const readIn = (timeZone: string, columns: ReturnType<typeof sql>) =>
  database.platform.transaction(async (tx) => {
    await tx.execute(sql`select set_config('timezone', ${timeZone}, true)`);
    const [row] = await tx.execute<Record<string, unknown>>(sql`select ${columns}`);
    return row;
  });

// Between them it is never the same day everywhere.
describe.each(['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'])('in %s', (timeZone) => {
  it('a time is written as ISO 8601 by UTC, whatever its fraction, and none stays none', async () => {
    const times = sql`
      ${isoTime(sql`'2026-03-01 23:30:00+00'::timestamptz`)} as whole,
      ${isoTime(sql`'2026-03-01 23:30:00.1205+03'::timestamptz`)} as part,
      ${isoTime(sql`null::timestamptz`)} as none`;
    expect(await readIn(timeZone, times)).toEqual({
      ...{ whole: '2026-03-01T23:30:00Z', part: '2026-03-01T20:30:00.1205Z', none: null },
    });
  });

  it('days and months begin by UTC', async () => {
    const moments = sql`
      extract(epoch from now())::float8 as now, extract(epoch from ${startOfDay})::float8 as day,
      extract(epoch from ${startOfMonth})::float8 as month, ${currentMonth}::text as first`;
    const row = await readIn(timeZone, moments);
    const now = new Date(Number(row?.now) * 1_000).toISOString();
    const first = `${now.slice(0, 7)}-01`;
    const seconds = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1_000;
    expect(row).toMatchObject({ day: seconds(now.slice(0, 10)), month: seconds(first), first });
  });
});
