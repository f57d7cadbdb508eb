import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TransactionSql } from 'postgres';
import { connect } from '../../../db/connect.ts';
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

/**
 * Takes from a restored database what must not live again: sign-ins, codes sent by e-mail, keys that were revoked later, organizations
 * that were erased later, with their files.
 * @param filesFolder of the restored home
 */
export async function settleDatabase(
  url: string,
  { erasures, filesFolder }: { erasures: readonly Erasure[]; filesFolder: string },
): Promise<Settled> {
  const sql = connect(url, { applicationName: 'pandect restore' });
  const idsOf = (kind: Erasure['kind']) => erasures.filter((one) => one.kind === kind).map(({ id }) => id);
  try {
    const organizations = idsOf('organization');
    const files = organizations.length === 0 ? [] : await storedFiles(sql, organizations);
    for (const { key } of files) await rm(join(filesFolder, key), { force: true });
    const counts = await sql.begin(async (tx) => ({
      sessions: await endSessions(tx),
      keys: (
        await tx`update api_keys set revoked_at = now() where revoked_at is null and id = any(${idsOf('key')}::uuid[])`
      ).count,
      organizations: (await tx`delete from organizations where id = any(${organizations}::uuid[])`).count,
    }));
    return { ...counts, files: files.length };
  } finally {
    await sql.end({ timeout: 5 });
  }
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
