import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { createDatabase } from './client.ts';
import { connect } from './connect.ts';
import { isDatabaseAway } from './is-away.ts';

const database = await testDatabase();
afterAll(() => database.close());

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('isDatabaseAway', () => {
  it.each(['postgres://user:secret@127.0.0.1:1/none', 'postgres://user:secret@localhost/none?host=/nowhere'])(
    'is true when nothing answers at %s',
    async (url) => {
      const away = createDatabase({ url });
      expect(isDatabaseAway(await errorOf(away.transaction(async () => {})))).toBe(true);
      expect(isDatabaseAway(await errorOf(away.tenant(crypto.randomUUID(), async () => {})))).toBe(true);
      await away.close();
    },
  );

  it('is true when the connection ends in the middle of a query', async () => {
    const sql = connect(database.url('tenant'), { applicationName: 'cut off' });
    const error = errorOf(sql`select pg_sleep(30)`.execute());
    const cutOff = () => database.owner`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut off' and wait_event = 'PgSleep'`;
    await expect.poll(async () => (await cutOff()).length).toBe(1);
    expect(isDatabaseAway(await error)).toBe(true);
    await sql.end({ timeout: 0 });
  });

  it('is false for a query that is wrong, and for what is no query', async () => {
    const sql = connect(database.url('tenant'));
    expect(isDatabaseAway(await errorOf(sql`select * from nothing`))).toBe(false);
    await sql.end();
    expect(isDatabaseAway(await errorOf(readFile('/nowhere')))).toBe(false);
    expect(isDatabaseAway(new Error('no'))).toBe(false);
    expect(isDatabaseAway('CONNECTION_CLOSED')).toBe(false);
  });
});
