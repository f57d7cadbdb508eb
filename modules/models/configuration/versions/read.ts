import { desc, eq, lt, type SQL } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { gatewayVersions } from '../../../../db/schema/models/gateway-versions.ts';
import type { GatewayDocument } from '../contract.ts';

/** A document as it was stored; its form was checked by the version of the platform that stored it. */
export interface StoredVersion {
  number: number;
  document: GatewayDocument;
}

/** The newest version, or the newest before another. */
export const newestVersion = (tx: Transaction, before?: number): Promise<StoredVersion | undefined> =>
  find(tx, before === undefined ? undefined : lt(gatewayVersions.number, before));

export const versionOf = (tx: Transaction, number: number): Promise<StoredVersion | undefined> =>
  find(tx, eq(gatewayVersions.number, number));

async function find(tx: Transaction, condition: SQL | undefined): Promise<StoredVersion | undefined> {
  const [row] = await tx
    .select({ number: gatewayVersions.number, document: gatewayVersions.document })
    .from(gatewayVersions)
    .where(condition)
    .orderBy(desc(gatewayVersions.number))
    .limit(1);
  return row && { number: row.number, document: row.document as GatewayDocument };
}

/** A version without its document. */
export interface ListedVersion {
  version: number;
  comment: string | null;
  by: string;
  createdAt: Date;
}

/** Newest first. */
export const listVersions = (tx: Transaction, limit: number): Promise<ListedVersion[]> =>
  tx
    .select({
      version: gatewayVersions.number,
      comment: gatewayVersions.comment,
      by: gatewayVersions.createdBy,
      createdAt: gatewayVersions.createdAt,
    })
    .from(gatewayVersions)
    .orderBy(desc(gatewayVersions.number))
    .limit(limit);
