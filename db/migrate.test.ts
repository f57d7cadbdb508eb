import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { asAdministrator, testDatabase, withDatabase } from '../platform/testing/database.ts';
import { migrationState, readMigrations } from './apply-migrations.ts';
import { connect } from './connect.ts';
import { loginNames, loginRole } from './logins.ts';
import { migrateDatabase } from './migrate.ts';
import { migrationsFolder } from './migrations-folder.ts';

const { passwords, templateUrl } = inject('services');
const queues = [{ name: 'letters', attempts: 4, backoff: 3, timeout: 60, schedule: '5 4 * * *' }];

const database = await testDatabase();
const fresh = `${database.name}_fresh`;
const url = withDatabase(templateUrl, fresh);
await asAdministrator(templateUrl, (sql) => sql`create database ${sql(fresh)}`);
afterAll(async () => {
  await asAdministrator(templateUrl, async (sql) => {
    await sql`drop database ${sql(fresh)} with (force)`;
    for (const login of loginNames) await sql`drop role if exists ${sql(loginRole(fresh, login))}`;
  });
  await database.close();
});

/** Everything that defines a database, as text. */
async function describeDatabase(of: string): Promise<unknown> {
  const sql = connect(of);
  try {
    return {
      columns: await sql`
        select table_schema, table_name, column_name, data_type, column_default, is_nullable from information_schema.columns
        where table_schema in ('public', 'pgboss', 'drizzle') order by 1, 2, 3`,
      policies: await sql`select * from pg_policies order by tablename, policyname`,
      grants: await sql`
        select grantee, table_schema, table_name, privilege_type from information_schema.role_table_grants
        where grantee like 'pandect%' order by 1, 2, 3, 4`,
      migrations: await sql`select hash from drizzle.__drizzle_migrations order by id`,
      plans: await sql`select * from subscription_plans order by tier`,
      queues:
        await sql`select name, retry_limit, retry_delay, expire_seconds, dead_letter from pgboss.queue order by 1`,
      indexes: await sql`select indexname, indexdef from pg_indexes where schemaname = 'pgboss' order by 1`,
      schedules: await sql`select name, cron from pgboss.schedule order by 1`,
    };
  } finally {
    await sql.end();
  }
}

const letters = (options: object) => ({ name: 'letters', dead_letter: 'letters-dead', ...options });

describe('migrateDatabase', () => {
  it('gives two that start at once on an empty database one and the same result', async () => {
    await Promise.all([migrateDatabase(url, { queues, passwords }), migrateDatabase(url, { queues, passwords })]);
    const described = (await describeDatabase(url)) as Record<string, unknown[]>;
    expect(described.migrations).toHaveLength(new Set(described.migrations).size);
    expect(described.queues).toContainEqual(letters({ retry_limit: 3, retry_delay: 3, expire_seconds: 60 }));
    expect(described.schedules).toEqual([{ name: 'letters', cron: '5 4 * * *' }]);
  });

  it('changes nothing when it is done again', async () => {
    const before = await describeDatabase(url);
    await migrateDatabase(url, { queues, passwords });
    expect(await describeDatabase(url)).toEqual(before);
  });

  it('follows a queue’s manifest', async () => {
    await migrateDatabase(url, { queues: [{ name: 'letters', attempts: 2, backoff: 9, timeout: 30 }] });
    const { queues: changed, schedules } = (await describeDatabase(url)) as Record<string, unknown[]>;
    expect(changed).toContainEqual(letters({ retry_limit: 1, retry_delay: 9, expire_seconds: 30 }));
    expect(schedules).toEqual([]);
  });

  describe('while a long transaction holds a lock that it needs', () => {
    const lockWait = { lockTimeoutMs: 200, attempts: 3, pauseMs: 100 };
    const isDone = async () => {
      const sql = connect(url);
      const [row] = await sql`select to_regclass('pgboss.pandect_job_active') is not null as done`;
      await sql.end();
      return row?.done;
    };
    /** A session in the middle of a transaction that has written jobs; the migration has an index to make there. */
    const holdJobs = async () => {
      const sql = connect(url, { applicationName: 'long work' });
      await sql`drop index pgboss.pandect_job_active`;
      await sql`begin`;
      await sql`lock table pgboss.job in row exclusive mode`;
      return { end: () => sql`commit`.then(() => sql.end()) };
    };
    /** Resolves only when a writer got its turn, which it does not behind somebody who waits without an end. */
    const write = async () => {
      const sql = connect(url, { applicationName: 'writer' });
      await sql.begin((tx) => tx`lock table pgboss.job in row exclusive mode`);
      await sql.end();
    };

    it('lets others through, says who holds it, and is done when that one has ended', async () => {
      const holder = await holdJobs();
      const waits: string[] = [];
      const migrating = migrateDatabase(url, {
        queues,
        onWait: (message) => waits.push(message),
        lockWait: { ...lockWait, pauseMs: 20, attempts: 500 },
      });
      await expect.poll(() => waits.length, { timeout: 20_000 }).toBeGreaterThan(0);
      for (let times = 0; times < 5; times++) await write();
      expect(waits[0]).toMatch(/a table is locked, attempt 1 of 500: "long work" \(process \d+, for \d+ s\)/);
      expect(await isDone()).toBe(false);
      await holder.end();
      await migrating;
      expect(await isDone()).toBe(true);
    });

    it('fails after some attempts, and can be done later', async () => {
      const holder = await holdJobs();
      await expect(migrateDatabase(url, { queues, lockWait })).rejects.toMatchObject({
        name: 'LockedDatabase',
        message: expect.stringMatching(/attempt 3 of 3: "long work" .*; end that session and try again$/),
      });
      await holder.end();
      await migrateDatabase(url, { queues, lockWait });
      expect(await isDone()).toBe(true);
    });
  });

  describe('a migration that fails half-way', () => {
    /** The migrations of this version and two more, the second of which fails after it has changed something. */
    const withBroken = async (statement: string) => {
      const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
      folders.push(folder);
      await cp(migrationsFolder, folder, { recursive: true });
      const path = join(folder, 'meta/_journal.json');
      const { entries, ...rest } = JSON.parse(await readFile(path, 'utf8'));
      const when = Date.now() + 86_400_000;
      const more = ['9998_first', '9999_second'].map((tag, index) => ({ tag, when: when + index, breakpoints: true }));
      await writeFile(path, JSON.stringify({ ...rest, entries: [...entries, ...more] }));
      await writeFile(join(folder, '9998_first.sql'), 'create table first_step (id int);');
      const breakpoint = '--> statement-breakpoint';
      await writeFile(
        join(folder, '9999_second.sql'),
        `alter table first_step add kind text;${breakpoint}${statement}`,
      );
      return folder;
    };
    const folders: string[] = [];
    afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

    it('leaves tables and functions as they were, is named, and can be corrected', async () => {
      const sql = connect(url);
      const before = await describeDatabase(url);
      const migrations = await withBroken('insert into first_step values (1 / 0);');
      await expect(migrateDatabase(url, { queues, migrations })).rejects.toThrow(
        'Apply migration "9999_second": division by zero; the database is as it was before',
      );
      expect(await describeDatabase(url)).toEqual(before);
      await migrateDatabase(url, { queues, migrations: await withBroken('insert into first_step values (1);') });
      expect(await sql`select id, kind from first_step`).toEqual([{ id: 1, kind: null }]);
      expect(await migrationState(sql, await readMigrations())).toEqual({ pending: [], isAhead: true });
      await sql`drop table first_step`;
      await sql`delete from drizzle.__drizzle_migrations where created_at > ${Date.now()}`;
      expect(await migrationState(sql, await readMigrations())).toEqual({ pending: [], isAhead: false });
      await sql.end();
    });

    it.each(['create index concurrently a on b (c)', 'vacuum b', 'commit'])(
      'can be none that cannot be taken back: %s',
      async (statement) => {
        const migrations = await withBroken(`${statement};`);
        await expect(migrateDatabase(url, { queues, migrations })).rejects.toThrow('Read migration "9999_second": "');
      },
    );
  });

  it('fails on a server that cannot be reached instead of waiting', async () => {
    const away = new URL(url);
    away.searchParams.set('host', '/nowhere');
    await expect(migrateDatabase(away.href, { queues })).rejects.toThrow(/ENOENT|connect/i);
  });
});
