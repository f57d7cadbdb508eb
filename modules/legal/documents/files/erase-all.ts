import { asc, eq } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { documents } from '../../../../db/schema/legal/documents.ts';
import { deletedFiles } from '../../../../db/schema/platform/deleted-files.ts';
import type { FileStorage } from '../../../../platform/capabilities/storage/index.ts';
import { eraseDocumentRow } from '../delete.ts';

const BATCH = 500;

interface ErasureDeps {
  database: Database;
  storage: FileStorage;
}

/** Removes all documents of an organization. With their rows, so that what is left of a job that was cut off is what is still to do. */
export async function eraseDocumentsOf({ database, storage }: ErasureDeps, organizationId: string): Promise<void> {
  for (;;) {
    const rows = await database.transaction((tx) =>
      tx
        .select({ id: documents.id, storageKey: documents.storageKey })
        .from(documents)
        .where(eq(documents.organizationId, organizationId))
        .orderBy(asc(documents.id))
        .limit(BATCH),
    );
    if (rows.length === 0) return;
    for (const { id, storageKey } of rows) {
      await storage.remove(storageKey);
      await database.transaction((tx) => eraseDocumentRow(tx, id));
    }
  }
}

/** Removes the files of an organization's deleted documents before their days of grace are over. */
export async function removeDeletedFilesOf({ database, storage }: ErasureDeps, organizationId: string): Promise<void> {
  const ofIt = eq(deletedFiles.organizationId, organizationId);
  const rows = await database.transaction((tx) => tx.select().from(deletedFiles).where(ofIt));
  for (const { storageKey } of rows) await storage.remove(storageKey);
  await database.transaction((tx) => tx.delete(deletedFiles).where(ofIt));
}
