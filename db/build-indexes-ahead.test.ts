import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { testDatabase, withDatabase } from '../platform/testing/database.ts';
import { readMigrations, statementsOf } from './apply-migrations.ts';
import { readIndexStatement } from './build-indexes-ahead.ts';
import { connect } from './connect.ts';
import { migrateDatabase } from './migrate.ts';
import { migrationsFolder } from './migrations-folder.ts';

const { templateUrl } = inject('services');
const database = await testDatabase();
const url = withDatabase(templateUrl, database.name);
const owner = connect(url, { max: 3 });
const folders: string[] = [];
afterAll(async () => {
  await owner.end();
  await database.close();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

const BREAKPOINT = '--> statement-breakpoint';
const INDEX = 'create index if not exists "later_age" on "usage_logs" using btree ("created_at");';
/** The migrations of this version and one more. */
async function withOneMore(...statements: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  folders.push(folder);
  await cp(migrationsFolder, folder, { recursive: true });
  const path = join(folder, 'meta/_journal.json');
  const { entries, ...rest } = JSON.parse(await readFile(path, 'utf8'));
  const more = { tag: '9999_later', when: Date.now() + 86_400_000, breakpoints: true };
  await writeFile(path, JSON.stringify({ ...rest, entries: [...entries, more] }));
  await writeFile(join(folder, '9999_later.sql'), statements.join(BREAKPOINT));
  return folder;
}
const migrate = (migrations: string) => migrateDatabase(url, { queues: [], migrations });
const stateOf = async (index: string) => {
  const [row] = await owner<{ isWhole: boolean | null }[]>`
    select (select indisvalid from pg_index where indexrelid = to_regclass(${index})) as "isWhole"`;
  return row?.isWhole ?? undefined;
};
const forgetLast = () => owner`delete from drizzle.__drizzle_migrations where created_at > ${Date.now()}`;

describe('an index of a later migration', () => {
  it('is made while others write, also behind a long transaction that has written', async () => {
    const long = await owner.reserve();
    await long`begin`;
    await long`lock table usage_logs in row exclusive mode`;
    const migrating = migrate(await withOneMore(INDEX));
    try {
      const isWaiting = async () =>
        (
          await owner`select 1 from pg_stat_activity where query ilike 'create index concurrently%' and wait_event_type = 'Lock'`
        ).length > 0;
      await expect.poll(isWaiting, { timeout: 20_000 }).toBe(true);
      await owner.begin(async (tx) => {
        await tx`set local lock_timeout = 200`;
        await tx`lock table usage_logs in row exclusive mode`;
      });
    } finally {
      await long`commit`;
      long.release();
      await migrating;
    }
    expect(await stateOf('later_age')).toBe(true);
    await owner`drop index later_age`;
    await forgetLast();
  });

  it('is gone again when its migration fails, and made again where it was cut off', async () => {
    const failing = await withOneMore(INDEX, 'select 1 / 0;');
    await expect(migrate(failing)).rejects.toThrow('Apply migration "9999_later": division by zero');
    expect(await stateOf('later_age')).toBeUndefined();

    await owner.unsafe(INDEX);
    await owner`update pg_index set indisvalid = false where indexrelid = 'later_age'::regclass`;
    await migrate(await withOneMore(INDEX));
    expect(await stateOf('later_age')).toBe(true);
    await owner`drop index later_age`;
    await forgetLast();
  });

  it('that cannot be made leaves the others out as well', async () => {
    const twice = 'create unique index if not exists "later_plan" on "subscription_plans" ((true));';
    await expect(migrate(await withOneMore(INDEX, twice))).rejects.toThrow(
      /^Apply migration "9999_later": could not create unique index .*; the database is as it was before$/,
    );
    expect([await stateOf('later_age'), await stateOf('later_plan')]).toEqual([undefined, undefined]);
  });

  it('of a column that comes with it is made by its migration', async () => {
    const column = 'alter table "usage_logs" add column "later" text;';
    await migrate(await withOneMore(column, 'create index if not exists "later_text" on "usage_logs" ("later");'));
    expect(await stateOf('later_text')).toBe(true);
    await owner`alter table usage_logs drop column later`;
    await forgetLast();
  });
});

/** The last one that was made before this was a rule. */
const BEFORE_THE_RULE = '0039';

describe('migrations serve all the time', () => {
  it('by what is known of each', async () => {
    const found = (await readMigrations()).flatMap(({ name, text }) =>
      name.slice(0, 4) <= BEFORE_THE_RULE ? [] : whatBlocks(text).map((words) => `${name}: ${words}`),
    );
    expect(found).toEqual([]);
    expect((await readdir(migrationsFolder)).filter((name) => name > BEFORE_THE_RULE).length).toBeGreaterThan(2);
  });

  it.each([
    ['create index "a" on "chunks" ("page");', 'index of a table that is there: say "if not exists"'],
    [
      'alter table "chunks" add column "a" text;--> statement-breakpoint\ncreate index if not exists "b" on "chunks" ("a");',
      'index of',
    ],
    ['alter table "chunks" alter column "page" set not null;', 'reads all rows'],
    ['alter table "chunks" alter column "page" set data type bigint;', 'writes all rows'],
    ['alter table "chunks" add constraint "c" check (page > 0);', 'reads all rows: add it "not valid"'],
    ['alter table "chunks" add constraint "c" unique ("page");', 'makes an index'],
    ['alter table "chunks" add column "a" uuid default gen_random_uuid();', 'writes all rows'],
    ['update "chunks" set page = 1;', 'writes rows'],
  ])('which these do not: %s', (statement, words) => {
    expect(whatBlocks(statement)).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    'create index if not exists "a" on "chunks" ("page");',
    'create table "new" ("id" uuid);--> statement-breakpoint\ncreate index "a" on "new" ("id");',
    'alter table "chunks" add constraint "c" check (page > 0) not valid;',
    'alter table "chunks" add column "a" text default \'\' not null;',
    '-- few rows: one for each plan\nupdate "subscription_plans" set price = 1;',
  ])('which these do: %s', (statement) => {
    expect(whatBlocks(statement)).toEqual([]);
  });
});

const BLOCKING: [RegExp, string][] = [
  [/alter\s+column\s+"?\w+"?\s+set\s+not\s+null/i, 'reads all rows while no one reads or writes'],
  [/alter\s+column\s+"?\w+"?\s+(?:set\s+data\s+)?type\b/i, 'writes all rows while no one reads or writes'],
  [/add\s+constraint(?!.*\bnot\s+valid\b).*\b(?:check|foreign\s+key)\b/is, 'reads all rows: add it "not valid"'],
  [/add\s+(?:constraint\s+"?\w+"?\s+)?(?:unique|primary\s+key)(?!\s+using)/i, 'makes an index while no one writes'],
  [/add\s+column\b.*\bdefault\s+(?:gen_random_uuid|clock_timestamp|random|nextval)\b/is, 'writes all rows'],
  [/^\s*(?:update|delete\s+from)\b/i, 'writes rows, and holds them until all migrations are done'],
];

/** What keeps others from a table that may be large. A statement says `-- few rows: …` where its table has few. */
function whatBlocks(text: string): string[] {
  const made = new Set(
    [...text.matchAll(/create\s+table\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/gi)].map(([, name]) => name),
  );
  const added = [...text.matchAll(/add\s+column\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/gi)].map(
    ([, name]) => `"${name}"`,
  );
  return statementsOf(text).flatMap((commented) => {
    if (/^\s*-- few rows: ./m.test(commented)) return [];
    const statement = commented.replaceAll(/--.*$/gm, '').trim();
    const table = /^(?:alter\s+table\s+(?:if\s+exists\s+|only\s+)*|update\s+|delete\s+from\s+)"?(\w+)"?/i.exec(
      statement,
    )?.[1];
    const indexed = /^create\s+(?:unique\s+)?index\b.*?\bon\s+(?:only\s+)?"?(\w+)"?/is.exec(statement)?.[1];
    if (indexed !== undefined && !made.has(indexed)) {
      const isAhead = readIndexStatement(statement) && !added.some((column) => statement.includes(column));
      return isAhead
        ? []
        : [`index of a table that is there: say "if not exists", and add its columns a version before: ${statement}`];
    }
    if (table === undefined || made.has(table)) return [];
    return BLOCKING.flatMap(([pattern, words]) => (pattern.test(statement) ? [`${words}: ${statement}`] : []));
  });
}
