import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql, TransactionSql } from 'postgres';
import { z } from 'zod';
import { applyFunctionsIn } from './apply-functions.ts';
import { migrationsFolder } from './migrations-folder.ts';

/** One file of `db/migrations`. */
export interface Migration {
  /** Without `.sql`. */
  name: string;
  text: string;
  /** When it was made, in milliseconds since the epoch; they are applied in this order. */
  at: number;
}

export interface MigrationState {
  /** To be applied, in order. */
  pending: Migration[];
  /** The database was migrated by a newer version, which has migrations that this one does not. */
  isAhead: boolean;
}

const journal = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) });

const BREAKPOINT = '--> statement-breakpoint';

export const statementsOf = (text: string): string[] => text.split(BREAKPOINT);

/** What PostgreSQL refuses in a transaction, which every migration is part of. */
const OUTSIDE_TRANSACTIONS =
  /\b(?:create|drop)\s+(?:unique\s+)?index\s+concurrently\b|\breindex\b[^;]*\bconcurrently\b|\bvacuum\b|\bcreate\s+database\b|\balter\s+system\b|^\s*commit\b|^\s*rollback\b/im;

/** @throws for one that cannot be taken back, and so could fail half-way */
export async function readMigrations(folder = migrationsFolder): Promise<Migration[]> {
  const { entries } = journal.parse(JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8')));
  return Promise.all(
    entries.map(async ({ tag, when }) => {
      const text = await readFile(join(folder, `${tag}.sql`), 'utf8');
      const outside = OUTSIDE_TRANSACTIONS.exec(statementsOf(text).join('\n').replaceAll(/--.*$/gm, ''))?.[0];
      if (outside !== undefined) {
        throw new Error(`Read migration "${tag}": "${outside.trim()}" cannot be part of a transaction`);
      }
      return { name: tag, text, at: when };
    }),
  );
}

/** What a database lacks of these migrations; changes nothing. */
export async function migrationState(sql: Sql | TransactionSql, migrations: Migration[]): Promise<MigrationState> {
  const [known] = await sql<{ found: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as found`;
  const [last] = known?.found
    ? await sql<{ at: string }[]>`select max(created_at) as at from drizzle.__drizzle_migrations`
    : [];
  const done = Number(last?.at ?? 0);
  return {
    pending: migrations.filter(({ at }) => at > done),
    isAhead: done > Math.max(...migrations.map(({ at }) => at)),
  };
}

/**
 * Applies the pending migrations and the files of `db/functions`, all of them or none: a failure leaves the database as the version before
 * knows it. The table of applied ones is that of drizzle-kit, which makes the files.
 * @returns the names of the migrations that were applied
 * @throws with the name of the migration that failed
 */
export async function applyMigrations(sql: Sql, folder = migrationsFolder): Promise<string[]> {
  const migrations = await readMigrations(folder);
  return sql.begin(async (tx) => {
    const { pending } = await migrationState(tx, migrations);
    if (pending.length > 0) {
      await tx`create schema if not exists drizzle`;
      await tx`create table if not exists drizzle.__drizzle_migrations (
        id serial primary key, hash text not null, created_at bigint)`;
    }
    for (const { name, text, at } of pending) {
      try {
        for (const statement of statementsOf(text)) await tx.unsafe(statement);
      } catch (cause) {
        const { message } = cause as Error;
        throw new Error(`Apply migration "${name}": ${message}; the database is as it was before`, { cause });
      }
      const hash = createHash('sha256').update(text).digest('hex');
      await tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${at})`;
    }
    await applyFunctionsIn(tx);
    return pending.map(({ name }) => name);
  });
}
