import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { denied, noSuchParent, sqlState } from '../../platform/testing/sql-state.ts';
import { accessScene } from './access.fixture.ts';

const { database, mine, theirs, own, foreign, tables } = await accessScene();
// Without a text or chunks of its own, so that nothing but the reference to it can be what refuses a row.
const bareDocument = crypto.randomUUID();
await database.owner`
  insert into documents (id, organization_id, title, file_name, format, bytes, sha256, storage_key)
  values (${bareDocument}, ${theirs.id}, 'Bare', 'bare.txt', 'txt', 4, 'bare', 'bare')`;

/** Runs one statement as an attacker within `mine` would, who can write any SQL but this transaction's setting. */
const attack = (statement: string) =>
  database.tenant.tenant(
    mine.id,
    async (tx) => [...(await tx.execute(sql.raw(statement)))] as Record<string, unknown>[],
  );
const grantsOf = async (role: string, privilege: string) => {
  const rows = await database.owner<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and has_any_column_privilege(${role}, oid, ${privilege}) order by 1`;
  return rows.map(({ name }) => name);
};

describe('the schema', () => {
  it('guards every table by row-level security but the public list of plans', async () => {
    const open = await database.owner`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`;
    expect([...open]).toEqual([{ name: 'subscription_plans' }]);
  });

  it('gives the logins no way around row-level security', async () => {
    const above = await database.owner`
      select rolname from pg_roles where starts_with(rolname, ${`${database.name}_login_`})
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`;
    expect([...above]).toEqual([]);
  });

  it('holds every reference between rows to one organization, except those to its people, plans and index generations', async () => {
    const plain = await database.owner<{ reference: string }[]>`
      select conrelid::regclass || '.' || string_agg(a.attname, ',') as reference
      from pg_constraint join pg_attribute a on a.attrelid = conrelid and a.attnum = any (conkey)
      where contype = 'f' and conrelid in (select attrelid from pg_attribute where attname = 'organization_id')
      group by pg_constraint.oid having not bool_or(a.attname = 'organization_id') order by 1`;
    expect(plain.map(({ reference }) => reference)).toEqual([
      'async_calls.user_id',
      'batches.user_id',
      'bots.created_by',
      'conversations.user_id',
      'documents.created_by',
      'gateway_files.user_id',
      'images.user_id',
      'indexed_documents.generation',
      'subscriptions.next_tier',
      'subscriptions.tier',
      'usage_logs.user_id',
    ]);
  });
});

describe('a function’s login', () => {
  it.each(tables)('has rows of both organizations to attack in $name', async ({ name, key }) => {
    const [counted] = await database.owner.unsafe(
      `select count(distinct ${key})::int as n from ${name} where ${key} in ('${mine.id}', '${theirs.id}')`,
    );
    expect(counted).toEqual({ n: 2 });
  });

  it.each(tables)('sees no row of $name while no organization is set', async ({ name, key }) => {
    const rows = await database.tenant.transaction((tx) => tx.execute(sql.raw(`select ${key} from ${name}`)));
    expect([...rows]).toEqual([]);
  });

  it.each(tables)('reads only its own organization’s rows of $name', async ({ name, key }) => {
    expect(await attack(`select distinct ${key} as id from ${name}`)).toEqual([{ id: mine.id }]);
    expect(
      await attack(`select ${key} from ${name} where ${key} = '${theirs.id}' or true and ${key} <> '${mine.id}'`),
    ).toEqual([]);
  });

  it.each(tables)('changes no foreign row of $name', async ({ name, key }) => {
    const columns = await database.owner<{ column: string }[]>`
      select attname as column from pg_attribute
      where attrelid = ${name}::regclass and attnum > 0 and not attisdropped
      and has_column_privilege('pandect_tenant', attrelid, attnum, 'UPDATE')`;
    for (const { column } of columns) {
      const changed = await attack(
        `update ${name} set "${column}" = "${column}" where ${key} = '${theirs.id}' returning ${key}`,
      );
      expect(changed).toEqual([]);
    }
  });

  it.each(tables)('moves no row of $name to another organization', async ({ name, key }) => {
    expect(await sqlState(attack(`update ${name} set ${key} = '${theirs.id}' where ${key} = '${mine.id}'`))).toBe(
      denied,
    );
  });

  it.each(tables)('deletes no foreign row of $name', async ({ name, key }) => {
    const statement = `delete from ${name} where ${key} = '${theirs.id}' returning ${key}`;
    const [right] = await database.owner`select has_table_privilege('pandect_tenant', ${name}, 'DELETE') as held`;
    if (right?.held) expect(await attack(statement)).toEqual([]);
    else expect(await sqlState(attack(statement))).toBe(denied);
  });

  it.each(tables)('inserts no row into $name for another organization', async ({ name, key }) => {
    const [row] = await database.owner.unsafe(
      `select to_jsonb(t) as row from ${name} t where ${key} = '${mine.id}' limit 1`,
    );
    const forged = JSON.stringify({ ...row?.row, id: crypto.randomUUID(), [key]: theirs.id }).replaceAll("'", "''");
    const insert = attack(`insert into ${name} select * from jsonb_populate_record(null::${name}, '${forged}')`);
    expect(await sqlState(insert)).toBe(denied);
  });

  it.each([
    ['messages', 'conversation_id', foreign.conversationId],
    ['chunks', 'document_id', bareDocument],
    ['document_texts', 'document_id', bareDocument],
  ])('attaches a row of %s to a foreign %s no more than to one that is not there', async (name, column, parent) => {
    const insert = async (id: string) => {
      const [row] = await database.owner.unsafe(
        `select to_jsonb(t) as row from ${name} t where organization_id = '${mine.id}' limit 1`,
      );
      const forged = JSON.stringify({ ...row?.row, id: crypto.randomUUID(), [column]: id }).replaceAll("'", "''");
      return attack(`insert into ${name} select * from jsonb_populate_record(null::${name}, '${forged}')`);
    };
    expect(await sqlState(insert(parent))).toBe(noSuchParent);
    expect(await sqlState(insert(crypto.randomUUID()))).toBe(noSuchParent);
  });

  it('adds messages to its own conversation', async () => {
    const added = await attack(
      `insert into messages (conversation_id, organization_id, role, content)
       values ('${own.conversationId}', '${mine.id}', 'user', 'More?') returning role`,
    );
    expect(added).toEqual([{ role: 'user' }]);
  });

  it.each([
    ['read password hashes', 'select password_hash from users'],
    ['read whole rows of people', 'select * from users'],
    ['read refresh tokens', 'select 1 from refresh_tokens'],
    ['make somebody an owner', "update users set role = 'owner'"],
    ['change its tier', "update organizations set tier = 'enterprise'"],
    ['end or extend its subscription', 'update organizations set subscription_ends_at = null'],
    ['change what plans allow', 'update subscription_plans set documents = 1000000'],
    ['make up an organization', "insert into organizations (name) values ('x')"],
    ['rewrite what was used', 'update usage_logs set prompt_tokens = 0'],
    ['delete what was used', 'delete from usage_logs'],
    ['empty a table', 'truncate chunks'],
    ['switch its guard off', 'alter table documents disable row level security'],
    ['become another role', 'set local role pandect_platform'],
    ['create tables', 'create table public.own (id int)'],
  ])('may not %s', async (_, statement) => {
    expect(await sqlState(attack(statement))).toBe(denied);
  });

  it('leaves nothing of its organization behind on a pooled connection', async () => {
    const seen = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        if (index % 2 === 0) return database.tenant.tenant(mine.id, (tx) => tx.$count(sql`documents`));
        return database.tenant.transaction((tx) => tx.$count(sql`documents`));
      }),
    );
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 1 : 0)));
  });

  it('takes nothing but an id as its organization', async () => {
    const hostile = database.tenant.tenant(`${theirs.id}' or true --`, (tx) =>
      tx.execute(sql`select id from documents`),
    );
    expect(await sqlState(hostile)).toBe('22P02');
  });

  // What the guard does not hold: anyone who can run SQL of their own in a function can also set another organization.
  // It catches forgotten conditions, not injected statements; those are kept out by bound parameters everywhere.
  it('is not guarded against its own process setting another organization', async () => {
    const seen = await database.tenant.tenant(mine.id, async (tx) => {
      await tx.execute(sql`select set_config('app.organization_id', ${theirs.id}, true)`);
      return [...(await tx.execute(sql`select distinct organization_id as id from documents`))];
    });
    expect(seen).toEqual([{ id: theirs.id }]);
  });
});

describe('the job queue', () => {
  const ask = (statement: string) => sqlState(attack(statement));

  it.each(['pandect_tenant', 'pandect_identity'])('shows %s no job, whatever table it is kept in', async (role) => {
    const readable = await database.owner<{ name: string }[]>`
      select relname || '.' || attname as name
      from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
      where relnamespace = 'pgboss'::regnamespace and relkind in ('r', 'p', 'v', 'm') and relname not in ('queue', 'version')
      and has_column_privilege(${role}, attrelid, attnum, 'SELECT') order by 1`;
    expect(readable.map(({ name }) => name)).toEqual(['job_common.id', 'job_common.start_after']);
  });

  it('shows a function none that it asks for', async () => {
    expect(await ask('select data from pgboss.job')).toBe(denied);
    expect(await ask('select data from pgboss.job_common')).toBe(denied);
  });

  it.each([
    'update pgboss.job set data = null',
    'delete from pgboss.job',
    'update pgboss.queue set retry_limit = 0',
    'delete from pgboss.queue',
    "insert into pgboss.schedule (name, cron) values ('ingest', '* * * * *')",
    "insert into pgboss.subscription (event, name) values ('done', 'ingest')",
    'delete from rate_buckets',
  ])('lets a function not run: %s', async (statement) => {
    expect(await ask(statement)).toBe(denied);
  });
});

describe('other logins', () => {
  it('the one that signs people in sees people and their organizations, and nothing they have', async () => {
    expect(await grantsOf('pandect_identity', 'SELECT')).toEqual([
      'email_tokens',
      'invitations',
      'linked_identities',
      'notifications',
      'organizations',
      'owner_limits',
      'plan_limits',
      'plan_overrides',
      'rate_buckets',
      'refresh_tokens',
      'revocations',
      'setup',
      'sign_in_failures',
      'subscription_plans',
      'users',
    ]);
    const read = database.identity.transaction((tx) => tx.execute(sql`select 1 from documents`));
    expect(await sqlState(read)).toBe(denied);
    const promote = database.identity.transaction((tx) =>
      tx.execute(sql`update organizations set tier = 'enterprise'`),
    );
    expect(await sqlState(promote)).toBe(denied);
  });

  it('the one for upkeep sees the rows of all organizations', async () => {
    const seen = await database.platform.transaction((tx) => tx.$count(sql`documents`));
    expect(seen).toBe(3);
  });
});
