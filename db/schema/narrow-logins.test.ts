import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { denied, sqlState } from '../../platform/testing/sql-state.ts';
import { accessScene } from './access.fixture.ts';

const { database, mine, theirs, tables } = await accessScene();

/** Logins with more rights in their organization than other logins have, and with none in another one. */
const narrow = { organization: database.organization, billing: database.billing };

describe.each(Object.entries(narrow))('the login for %s', (login, { tenant, transaction }) => {
  const attackAs = (statement: string) =>
    tenant(mine.id, async (tx) => [...(await tx.execute(sql.raw(statement)))] as Record<string, unknown>[]);

  it.each(tables)('sees, changes and deletes only its own organization’s rows of $name', async ({ name, key }) => {
    const unset = await transaction((tx) => tx.execute(sql.raw(`select ${key} from ${name}`)));
    expect([...unset]).toEqual([]);
    expect(await attackAs(`select distinct ${key} as id from ${name}`)).toEqual([{ id: mine.id }]);
    const columns = await database.owner<{ column: string }[]>`
      select attname as column from pg_attribute
      where attrelid = ${name}::regclass and attnum > 0 and not attisdropped
      and (has_column_privilege('pandect_tenant', attrelid, attnum, 'UPDATE')
        or has_column_privilege(${`pandect_${login}`}, attrelid, attnum, 'UPDATE'))`;
    for (const { column } of columns) {
      const changed = await attackAs(
        `update ${name} set "${column}" = "${column}" where ${key} = '${theirs.id}' returning ${key}`,
      );
      expect(changed).toEqual([]);
    }
    const [right] = await database.owner`
      select has_table_privilege('pandect_tenant', ${name}, 'DELETE')
        or has_table_privilege(${`pandect_${login}`}, ${name}, 'DELETE') as held`;
    const deletion = attackAs(`delete from ${name} where ${key} = '${theirs.id}' returning ${key}`);
    if (right?.held) expect(await deletion).toEqual([]);
    else expect(await sqlState(deletion)).toBe(denied);
  });

  it.each(tables)('adds and moves no row of $name to another organization', async ({ name, key }) => {
    expect(await sqlState(attackAs(`update ${name} set ${key} = '${theirs.id}' where ${key} = '${mine.id}'`))).toBe(
      denied,
    );
    const [row] = await database.owner.unsafe(
      `select to_jsonb(t) as row from ${name} t where ${key} = '${mine.id}' limit 1`,
    );
    const forged = JSON.stringify({ ...row?.row, id: crypto.randomUUID(), [key]: theirs.id }).replaceAll("'", "''");
    const insert = attackAs(`insert into ${name} select * from jsonb_populate_record(null::${name}, '${forged}')`);
    expect(await sqlState(insert)).toBe(denied);
  });

  it.each([
    ['read password hashes', 'select password_hash from users'],
    ['read refresh tokens', 'select 1 from refresh_tokens'],
    ['read tokens of e-mails', 'select 1 from email_tokens'],
    ['read who tried passwords', 'select 1 from sign_in_failures'],
    ['make an administrator of the platform', 'update users set administrator = true'],
    ['move a key to another channel', "update api_keys set channel = 'internal'"],
    ['lift its suspension', 'update organizations set suspended_at = null'],
    ['change what plans allow', 'update subscription_plans set documents = 1000000'],
    ['change what an administrator allowed', 'update plan_overrides set documents = 1000000'],
    ['rewrite what was done', "update audit_log set actor = 'nobody'"],
    ['delete what was done', 'delete from audit_log'],
    ['rewrite the ledger', 'update ledger_entries set amount = 1'],
    ['delete an invoice', 'delete from invoices'],
    ['change an invoice’s sum', 'update invoices set total = 1'],
    ['make an end to a revocation', 'delete from revocations'],
    ['become another role', 'set local role pandect_platform'],
  ])('may not %s', async (_, statement) => {
    expect(await sqlState(attackAs(statement))).toBe(denied);
  });
});

describe('what only one login may', () => {
  it.each([
    ['organization', "update users set role = 'viewer' where false"],
    ['organization', 'update api_keys set revoked_at = now() where false'],
    ['organization', 'update organizations set erasure_requested_at = now() where false'],
    ['billing', "update organizations set tier = 'basic' where false"],
    ['billing', 'update subscriptions set period_end = now() where false'],
  ] as const)('the one for %s: %s', async (login, statement) => {
    const run = (name: 'tenant' | keyof typeof narrow) =>
      database[name].tenant(mine.id, (tx) => tx.execute(sql.raw(statement)));
    expect([...(await run(login))]).toEqual([]);
    for (const other of (['tenant', 'organization', 'billing'] as const).filter((name) => name !== login)) {
      expect(await sqlState(run(other))).toBe(denied);
    }
  });
});
