import { execFileSync } from 'node:child_process';
import { chown, mkdtemp, readFile, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { asAdministrator, testDatabase } from '../platform/testing/database.ts';
import { createDatabase } from './client.ts';
import { connect } from './connect.ts';
import { isDatabaseAway } from './is-away.ts';

const database = await testDatabase();
afterAll(() => database.close());

/** A small disk of the server's own takes the right to mount one. */
const { templateUrl } = inject('services');
const small = await mountSmall();
if (!small) process.stdout.write('SKIPPED: the full disk of a server, since this user may not mount a small one\n');
afterAll(async () => {
  if (!small) return;
  execFileSync('umount', ['--lazy', small]);
  await rmdir(small);
});

async function mountSmall(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-disk-'));
  try {
    const [row] = await database.owner<{ data: string }[]>`select current_setting('data_directory') as data`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'pandect-test', folder], { stdio: 'pipe' });
    const { uid, gid } = await stat(row?.data ?? '');
    await chown(folder, uid, gid);
    return folder;
  } catch {
    await rmdir(folder).catch(() => {});
    return undefined;
  }
}

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

  it.skipIf(!small)('is true when its disk is full, and things go on when there is room again', async () => {
    await asAdministrator(
      templateUrl,
      (sql) => sql`create tablespace pandect_small location ${sql.unsafe(`'${small}'`)}`,
    );
    const sql = connect(database.ownerUrl);
    const create = () => sql`create table filling (content text) tablespace pandect_small`;
    try {
      await create();
      const fill = (rows: number) =>
        sql`insert into filling select string_agg(random()::text, '') from generate_series(1, ${rows}) n, generate_series(1, 50) group by n`;
      await fill(10);
      expect(isDatabaseAway(await errorOf(fill(100_000)))).toBe(true);
      expect((await sql`select count(*)::int as n from filling`)[0]?.n).toBe(10);
      await sql`drop table filling`;
      await create();
      await fill(10);
    } finally {
      await sql`drop table if exists filling`;
      await sql.end();
      await asAdministrator(templateUrl, (owner) => owner`drop tablespace pandect_small`);
    }
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
