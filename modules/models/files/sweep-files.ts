import { eq, inArray, lt } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { gatewayFiles } from '../../../db/schema/models/gateway-files.ts';
import { deletedFiles } from '../../../db/schema/platform/deleted-files.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';

const BATCH = 500;

/** Removes files whose days are over, as if they were deleted by those who have them. @returns how many */
export async function sweepGatewayFiles(database: Database, now: Date): Promise<number> {
  for (let removed = 0; ; ) {
    const gone = await database.transaction(async (tx) => {
      const old = tx
        .select({ id: gatewayFiles.id })
        .from(gatewayFiles)
        .where(lt(gatewayFiles.expiresAt, now))
        .limit(BATCH);
      const rows = await tx
        .delete(gatewayFiles)
        .where(inArray(gatewayFiles.id, old))
        .returning({ storageKey: gatewayFiles.storageKey, organizationId: gatewayFiles.organizationId });
      if (rows.length > 0) await tx.insert(deletedFiles).values(rows);
      return rows.length;
    });
    removed += gone;
    if (gone < BATCH) return removed;
  }
}

/** Removes the files of an organization that is erased, with their content. */
export async function eraseGatewayFilesOf(
  { database, storage }: { database: Database; storage: FileStorage },
  organizationId: string,
): Promise<void> {
  const ofIt = eq(gatewayFiles.organizationId, organizationId);
  const rows = await database.transaction((tx) => tx.select().from(gatewayFiles).where(ofIt));
  for (const { storageKey } of rows) await storage.remove(storageKey);
  await database.transaction((tx) => tx.delete(gatewayFiles).where(ofIt));
}
