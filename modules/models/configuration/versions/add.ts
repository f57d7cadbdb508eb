import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../../db/client.ts';
import { gatewayVersions } from '../../../../db/schema/models/gateway-versions.ts';
import { Refused } from '../../../../platform/kernel/refused.ts';
import type { GatewayDocument } from '../contract.ts';
import { diff, type FieldChange } from '../diff.ts';
import { announceConfiguration } from '../topic.ts';
import { newestVersion, versionOf } from './read.ts';

export interface NewVersion {
  comment: string | null;
  /** Login name of the operator. */
  by: string;
  /** Changes nothing, and says what would. */
  dryRun: boolean;
}

/** What became of it: the version in effect now, and how it differs from the one before. */
export interface AddedVersion {
  version: number;
  /** Whether there is a new version; a document that changes nothing makes none. */
  isNew: boolean;
  changes: FieldChange[];
}

/**
 * Puts a document in effect in every process.
 * @param check returns it checked
 * @param otherwise what is in effect while there is no version
 */
export function addVersion(
  database: Pick<Database, 'transaction'>,
  check: (tx: Transaction) => Promise<GatewayDocument>,
  otherwise: GatewayDocument,
  how: NewVersion,
): Promise<AddedVersion> {
  return database.transaction(async (tx) => {
    await lockVersions(tx);
    return add(tx, await check(tx), otherwise, how);
  });
}

/** Puts the document of an earlier version in effect again, as a new one. @throws Refused for a version that is not there */
export function rollBack(
  database: Pick<Database, 'transaction'>,
  number: number,
  check: (tx: Transaction, document: GatewayDocument) => Promise<GatewayDocument>,
  otherwise: GatewayDocument,
  how: NewVersion,
): Promise<AddedVersion> {
  return database.transaction(async (tx) => {
    await lockVersions(tx);
    const earlier = await versionOf(tx, number);
    if (!earlier) throw new Refused('missing', `Roll gateway configuration back: there is no version ${number}`);
    const comment = how.comment ?? `Rollback to version ${number}`;
    return add(tx, await check(tx, earlier.document), otherwise, { ...how, comment });
  });
}

async function add(
  tx: Transaction,
  document: GatewayDocument,
  otherwise: GatewayDocument,
  { comment, by, dryRun }: NewVersion,
): Promise<AddedVersion> {
  const newest = await newestVersion(tx);
  const changes = diff(newest?.document ?? otherwise, document);
  const version = newest?.number ?? 0;
  if (newest && changes.length === 0) return { version, isNew: false, changes };
  if (dryRun) return { version, isNew: true, changes };
  const number = version + 1;
  await tx.insert(gatewayVersions).values({ number, document, comment, createdBy: by });
  await announceConfiguration(tx);
  return { version: number, isNew: true, changes };
}

/** Numbers have no gaps, and each document is compared with the one that it follows. */
const lockVersions = (tx: Transaction) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('gateway versions', 0))`);
