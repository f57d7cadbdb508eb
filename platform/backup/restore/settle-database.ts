import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql, TransactionSql } from 'postgres';
import { applyMigrations } from '../../../db/apply-migrations.ts';
import { connect } from '../../../db/connect.ts';
import { ensureGroups } from '../../../db/logins.ts';
import type { Erasure } from '../../capabilities/storage/erasure-journal.ts';
import { storedFiles } from './stored-files.ts';

export interface Settled {
  /** Sign-ins that were ended. */
  sessions: number;
  /** Keys that had been revoked after the backup. */
  keys: number;
  /** Organizations that had been erased after the backup. */
  organizations: number;
  /** Their files. */
  files: number;
}

/** What was erased and revoked since, and where files are that go with it. */
export interface ToErase {
  erasures: readonly Erasure[];
  /** Folder of stored files. */
  filesFolder: string;
}

/**
 * Takes from a restored database what must not live again: sign-ins, codes sent by e-mail, keys that were revoked later, organizations
 * that were erased later, with their files. One of an older version is brought to this one first, whose tables all of that knows.
 */
export async function settleDatabase(url: string, toErase: ToErase): Promise<Settled> {
  return withOwner(url, async (sql) => {
    await ensureGroups(sql);
    await applyMigrations(sql);
    return { sessions: await sql.begin(endSessions), ...(await eraseAgain(sql, toErase)) };
  });
}

/** The same without the sign-ins, as often as wished: what was erased does not come back by itself. */
export const applyErasures = (url: string, toErase: ToErase): Promise<Omit<Settled, 'sessions'>> =>
  withOwner(url, (sql) => eraseAgain(sql, toErase));

async function withOwner<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connect(url, { applicationName: 'pandect restore' });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function eraseAgain(sql: Sql, { erasures, filesFolder }: ToErase): Promise<Omit<Settled, 'sessions'>> {
  const idsOf = (kind: Erasure['kind']) => erasures.filter((one) => one.kind === kind).map(({ id }) => id);
  const organizations = idsOf('organization');
  const files = organizations.length === 0 ? [] : await storedFiles(sql, organizations);
  for (const { key } of files) await rm(join(filesFolder, key), { force: true });
  const counts = await sql.begin(async (tx) => ({
    keys: (
      await tx`update api_keys set revoked_at = now() where revoked_at is null and id = any(${idsOf('key')}::uuid[])`
    ).count,
    organizations: (await tx`delete from organizations where id = any(${organizations}::uuid[])`).count,
  }));
  return { ...counts, files: files.length };
}

/** Access tokens outlive their sign-in by minutes, so those that were issued before are refused as well. */
async function endSessions(tx: TransactionSql): Promise<number> {
  const { count } = await tx`update refresh_tokens set revoked_at = now() where revoked_at is null`;
  await tx`
    insert into revocations (subject, at) select id, now() + interval '1 millisecond' from organizations
    on conflict (subject) do update set at = greatest(revocations.at, excluded.at)`;
  await tx`delete from email_tokens`;
  await tx`delete from link_codes`;
  return count;
}
