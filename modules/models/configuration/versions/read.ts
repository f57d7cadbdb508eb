import { desc, lt } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { gatewayVersions } from '../../../../db/schema/models/gateway-versions.ts';
import type { GatewayDocument } from '../contract.ts';

/** A document as it was stored; its form was checked by the version of the platform that stored it. */
export interface StoredVersion {
  number: number;
  document: GatewayDocument;
}

/** The newest version, or the newest before another. */
export async function newestVersion(tx: Transaction, before?: number): Promise<StoredVersion | undefined> {
  const [row] = await tx
    .select({ number: gatewayVersions.number, document: gatewayVersions.document })
    .from(gatewayVersions)
    .where(before === undefined ? undefined : lt(gatewayVersions.number, before))
    .orderBy(desc(gatewayVersions.number))
    .limit(1);
  return row && { number: row.number, document: row.document as GatewayDocument };
}
