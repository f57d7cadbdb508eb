import { afterAll, describe, expect, inject, it } from 'vitest';
import { testDatabase, withDatabase } from '../platform/testing/database.ts';
import { denied, sqlState } from '../platform/testing/sql-state.ts';
import { connect } from './connect.ts';
import { ensureLogins, type LoginName, loginNames, loginUrl } from './logins.ts';

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

  it('gives existing logins new passwords, whatever characters they hold', async () => {
    const passwords = Object.fromEntries(loginNames.map((login) => [login, `it's "${login}" \\ %`]));
    await ensureLogins(here.owner, passwords as Record<LoginName, string>);
    expect(await sqlState(enter(here.url('tenant')))).toBe('28P01');
    expect(await enter(loginUrl(here.ownerUrl, 'tenant', passwords.tenant ?? ''))).toHaveLength(1);
    await ensureLogins(here.owner, inject('services').passwords);
    expect(await enter(here.url('tenant'))).toHaveLength(1);
  });
});
