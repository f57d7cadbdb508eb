import { afterAll, describe, expect, inject, it } from 'vitest';
import { testDatabase, withDatabase } from '../platform/testing/database.ts';
import { denied, sqlState } from '../platform/testing/sql-state.ts';
import { connect } from './connect.ts';
import { ensureLogins, type LoginName, loginNames, loginRole, loginUrl } from './logins.ts';

const here = await testDatabase();
const elsewhere = await testDatabase();
afterAll(async () => {
  await here.close();
  await elsewhere.close();
});

async function enter(url: string): Promise<unknown> {
  const sql = connect(url);
  try {
    return await sql`select current_database()`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

describe('ensureLogins', () => {
  it.each(loginNames)('lets %s into its own database', async (login) => {
    expect(await enter(here.url(login))).toEqual([{ current_database: here.name }]);
  });

  it.each(loginNames)('does not let %s into the database of another platform on the same server', async (login) => {
    expect(await sqlState(enter(withDatabase(here.url(login), elsewhere.name)))).toBe(denied);
  });

  it('refuses a wrong password', async () => {
    const wrong = new URL(here.url('tenant'));
    wrong.password = 'guess';
    expect(await sqlState(enter(wrong.href))).toBe('28P01');
  });

  it('case 5: gives existing logins, those of a restore too, new passwords, whatever characters they hold', async () => {
    const passwords = Object.fromEntries(loginNames.map((login) => [login, `it's "${login}" \\ %`]));
    await ensureLogins(here.owner, passwords as Record<LoginName, string>);
    expect(await sqlState(enter(here.url('tenant')))).toBe('28P01');
    expect(await enter(loginUrl(here.ownerUrl, 'tenant', passwords.tenant ?? ''))).toHaveLength(1);
    await ensureLogins(here.owner, inject('services').passwords);
    expect(await enter(here.url('tenant'))).toHaveLength(1);
  });

  it('has two roles for each login take turns: both are valid in between, and then only the new one', async () => {
    const before = inject('services').passwords;
    const passwords = Object.fromEntries(loginNames.map((login) => [login, crypto.randomUUID()])) as typeof before;
    const urls = (login: LoginName) => [here.url(login), loginUrl(here.ownerUrl, login, passwords[login], 1)] as const;
    const open = connect(here.url('tenant'));
    await open`select 1`;

    await ensureLogins(here.owner, passwords, { rotation: 1, previous: before });
    for (const login of loginNames) for (const url of urls(login)) expect(await enter(url)).toHaveLength(1);
    expect(await open`select 1`).toHaveLength(1);
    expect(await groupsOf(1)).toEqual(await groupsOf(0));

    await ensureLogins(here.owner, passwords, { rotation: 1 });
    for (const [old, next] of loginNames.map(urls)) {
      expect(await sqlState(enter(old))).toBe('28P01');
      expect(await enter(next)).toHaveLength(1);
    }
    expect(await groupsOf(0)).toEqual([]);
    const [{ count } = { count: -1 }] = await here.owner<{ count: number }[]>`
      select count(*)::int from pg_stat_activity where usename = ${loginRole(here.name, 'tenant')}`;
    expect(count, 'connections that were open').toBe(0);
    await open.end({ timeout: 1 });

    await ensureLogins(here.owner, before, { rotation: 2 });
    for (const [old, next] of loginNames.map(urls)) {
      expect(await enter(old)).toHaveLength(1);
      expect(await sqlState(enter(next))).toBe('28P01');
    }
  });

  const groupsOf = (rotation: number) => here.owner`
    select groups.rolname from pg_auth_members
      join pg_roles groups on groups.oid = roleid join pg_roles logins on logins.oid = member
      where logins.rolname = any(${loginNames.map((login) => loginRole(here.name, login, rotation))})
      order by logins.rolname, groups.rolname`;
});
