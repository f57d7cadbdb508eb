import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { asAdministrator, withDatabase } from '../platform/testing/database.ts';
import { connect } from './connect.ts';
import { initialPlans } from './initial-plans.ts';
import { ensureGroups } from './logins.ts';
import { migrateDatabase } from './migrate.ts';
import { migrationsFolder } from './migrations-folder.ts';

/** The last one before units were rows. */
const OLDER = '0019_sql-functions';

const { templateUrl, folder } = inject('services');
const databases: string[] = [];
const connections: Sql[] = [];

/** An empty database. */
async function create(): Promise<{ url: string; sql: Sql }> {
  const name = `test_upgrade_${crypto.randomUUID().slice(0, 8)}`;
  await asAdministrator(templateUrl, (sql) => sql`create database ${sql(name)}`);
  databases.push(name);
  const url = withDatabase(templateUrl, name);
  const sql = connect(url);
  connections.push(sql);
  return { url, sql };
}
afterAll(async () => {
  for (const sql of connections) await sql.end();
  await asAdministrator(templateUrl, async (sql) => {
    for (const name of databases) await sql`drop database ${sql(name)} with (force)`;
  });
});

/** Brings the tables of an empty database to an older version, with the functions that its migrations make. */
async function migrateTo(sql: Sql, last: string): Promise<void> {
  const until = join(folder, crypto.randomUUID());
  await cp(migrationsFolder, until, { recursive: true });
  const journal = join(until, 'meta/_journal.json');
  const { entries, ...rest } = JSON.parse(await readFile(journal, 'utf8'));
  const index = entries.findIndex(({ tag }: { tag: string }) => tag === last);
  await writeFile(journal, JSON.stringify({ ...rest, entries: entries.slice(0, index + 1) }));
  await ensureGroups(sql);
  await migrate(drizzle({ client: sql, casing: 'snake_case' }), { migrationsFolder: until });
}

const requests = [1, 2, 3, 4, 5].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
const [settled, released, started, reserved, late] = requests as [string, string, string, string, string];
const at = '2026-03-31T23:59:30Z';
const attempt = {
  attempt: 1,
  outcome: 'done',
  model: 'gpt-4',
  promptTokens: 100,
  completionTokens: 20,
  cachedTokens: 10,
};

/** What processes of the version before call. */
const older = (sql: Sql, organization: string) => ({
  async admit(request: string) {
    const asked = {
      id: request,
      person: null,
      channel: 'external',
      models: { standard: 'gpt-4' },
      question: 10,
      prompt: 100,
    };
    const [row] = await sql<
      { outcome: { decisions: { refusal: unknown; day: number; month: number }[]; plan: object } }[]
    >`
      select admit_questions(${organization}, ${JSON.stringify([asked])}::text::jsonb, '{"external": 100000}', 60, ${at}::timestamptz) as outcome`;
    return row?.outcome;
  },
  start: (request: string) => sql`select start_question(${organization}, ${request})`,
  close: (request: string, ending: 'settled' | 'released', attempts: object[] = []) =>
    sql`select close_question(${organization}, ${request}, ${ending}, ${JSON.stringify(attempts)}::text::jsonb)`,
});

/** An organization with an override, credits, and a question in each state. Two of five are paid for by credits. */
async function fill(sql: Sql): Promise<string> {
  for (const plan of initialPlans) {
    await sql`insert into subscription_plans (tier, name_ru, name_en, price, questions_per_day, questions_per_month, concurrent_questions,
        documents, users, model_policy, max_tokens_per_question, file_bytes, storage_bytes, features)
      values (${plan.tier}, ${plan.nameRu}, ${plan.nameEn}, ${plan.price}, ${plan.questionsPerDay}, ${plan.questionsPerMonth},
        ${plan.concurrentQuestions}, ${plan.documents}, ${plan.users}, ${plan.modelPolicy}, ${plan.maxTokensPerQuestion},
        ${plan.fileBytes}, ${plan.storageBytes}, '[]')`;
  }
  const [organization] = await sql<{ id: string }[]>`
    insert into organizations (name, tier, question_credits, storage_used) values ('Older', 'basic', 7, 4096) returning id`;
  const { id } = organization as { id: string };
  await sql`insert into plan_overrides (organization_id, questions_per_day, documents) values (${id}, 3, 8)`;
  const before = older(sql, id);
  for (const request of requests) await before.admit(request);
  await before.start(settled);
  await before.close(settled, 'settled', [attempt]);
  await before.close(released, 'released');
  await before.start(started);
  return id;
}

/** Every row of every table that was there before, with the columns that it had. */
async function rowsOf(sql: Sql, tables: Map<string, string[]>): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const [table, columns] of tables) {
    rows[table] = [...(await sql`select ${sql(columns)} from ${sql(table)}`)].map((row) => JSON.stringify(row)).sort();
  }
  return rows;
}

async function tablesOf(sql: Sql): Promise<Map<string, string[]>> {
  const columns = await sql<{ table: string; columns: string[] }[]>`
    select table_name as table, array_agg(column_name::text) as columns from information_schema.columns
    where table_schema = 'public' and table_name in (select tablename from pg_tables) and table_name <> 'sql_functions' group by 1`;
  return new Map(columns.map(({ table, columns: names }) => [table, names]));
}

const figures = async (sql: Sql, id: string) => {
  const [organization] =
    await sql`select question_credits::int as credits, questions_used::int as questions from organizations where id = ${id}`;
  const of = async (rows: Promise<Iterable<{ name?: string; used?: string }>>) =>
    Object.fromEntries([...(await rows)].map(({ name, used }) => [name, Number(used)]));
  return {
    ...organization,
    older: await of(
      sql`select period || ' ' || start as name, used from question_counters where organization_id = ${id}`,
    ),
    units: await of(
      sql`select unit || ' ' || period || ' ' || start as name, used from usage_counters where organization_id = ${id}`,
    ),
    left: await of(sql`select unit as name, amount as used from unit_credits where organization_id = ${id}`),
  };
};
const counted = (day: number, month: number) => ({
  older: { 'day 2026-03-31': day, 'month 2026-03-01': month },
  units: { 'question day 2026-03-31': day, 'question month 2026-03-01': month },
});

describe('a filled database of the version before units were rows', () => {
  let sql: Sql;
  let id: string;
  beforeAll(async () => {
    const made = await create();
    sql = made.sql;
    await migrateTo(sql, OLDER);
    id = await fill(sql);
    const tables = await tablesOf(sql);
    const before = await rowsOf(sql, tables);
    expect([before.usage_reservations?.length, before.question_counters?.length]).toEqual([5, 2]);
    await migrateDatabase(made.url, { queues: [] });
    expect(await rowsOf(sql, tables)).toEqual({ ...before, index_generations: expect.anything() });
  });

  it('keeps every row, and has the figures of every organization and plan as rows', async () => {
    expect(await figures(sql, id)).toEqual({ credits: 5, questions: 1, ...counted(2, 2), left: { question: 5 } });
    const limits =
      await sql`select unit, period, amount::int from limits_of(${id}, ${id}, now()) order by unit, period`;
    expect(limits.map(({ unit, period, amount }) => [unit, period, amount])).toEqual([
      ['byte', 'held', 1024 ** 3],
      ['document', 'held', 8],
      ['image', 'concurrent', 10],
      ['image', 'day', 50],
      ['image', 'month', 500],
      ['question', 'concurrent', 5],
      ['question', 'day', 3],
      ['question', 'month', 500],
      ['reading', 'concurrent', 20],
      ['reading', 'day', 300],
      ['reading', 'month', 5000],
      ['user', 'held', 3],
    ]);
    const plans =
      await sql`select count(*)::int as n from plan_limits where unit in ('question', 'document', 'byte', 'user')`;
    expect([...plans]).toEqual([{ n: 4 * 6 }]);
  });

  it('ends its open reservations as they would have ended, late ones too, in the periods and with the credits that they had', async () => {
    const ended = await sql`select * from expire_units('2026-04-01T00:10:00Z', 10) order by 1`;
    expect([...ended]).toEqual([
      { state: 'expired', requests: '2' },
      { state: 'settled', requests: '1' },
    ]);
    // Both that were given back had taken credits.
    expect(await figures(sql, id)).toEqual({ credits: 7, questions: 2, ...counted(2, 2), left: { question: 7 } });
    await older(sql, id).close(late, 'settled', [attempt]);
    expect(await figures(sql, id)).toEqual({ credits: 6, questions: 3, ...counted(2, 2), left: { question: 6 } });
  });

  it('serves processes of the version before, whose calls and figures are the same as ever', async () => {
    const before = older(sql, id);
    const request = crypto.randomUUID();
    expect(await before.admit(request)).toEqual({
      at: expect.any(String),
      plan: {
        tier: 'basic',
        modelPolicy: 'standard',
        maxTokensPerQuestion: 1000,
        questionsPerDay: 3,
        questionsPerMonth: 500,
      },
      documentsVersion: 0,
      decisions: [{ refusal: null, day: 3, month: 3 }],
    });
    expect(await figures(sql, id)).toMatchObject({ credits: 6, ...counted(3, 3) });
    await before.start(request);
    await before.close(request, 'released');
    expect(await figures(sql, id)).toMatchObject({ credits: 6, questions: 3, ...counted(2, 2) });
    // An administrator of that version, and a payment.
    await sql`update organizations set question_credits = question_credits + 100 where id = ${id}`;
    await sql`update plan_overrides set questions_per_day = null, documents = 9 where organization_id = ${id}`;
    await sql`update subscription_plans set questions_per_day = 77 where tier = 'basic'`;
    const limits = await sql`select unit || '/' || period as name, amount::int from limits_of(${id}, ${id}, now())`;
    expect(Object.fromEntries(limits.map(({ name, amount }) => [name, amount]))).toMatchObject({
      ...{ 'question/day': 77, 'document/held': 9 },
    });
    expect((await figures(sql, id)).left).toEqual({ question: 106 });
    const refused = await sql`select state, questions from expire_questions('2026-04-02T00:10:00Z', 10)`;
    expect([...refused]).toEqual([]);
  });
});

describe('functions of the version before', () => {
  it('keep all figures right on the new tables, until they are replaced as well', async () => {
    const { sql } = await create();
    await migrateTo(sql, OLDER);
    const id = await fill(sql);
    await migrate(drizzle({ client: sql, casing: 'snake_case' }), { migrationsFolder });
    const before = older(sql, id);
    await before.close(started, 'settled', [attempt]);
    await before.close(late, 'released');
    await before.admit(released);
    await before.admit(late);
    expect(await figures(sql, id)).toEqual({ credits: 5, questions: 2, ...counted(3, 3), left: { question: 5 } });
    await before.close(reserved, 'settled');
    expect(await figures(sql, id)).toMatchObject({ credits: 5, questions: 3, ...counted(3, 3) });
  });
});
