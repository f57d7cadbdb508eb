import { eq } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { organizations } from '../../../../db/schema/people/organizations.ts';
import { deletedFiles } from '../../../../db/schema/platform/deleted-files.ts';
import { type FileStorage, requireStorageKey } from '../../../../platform/capabilities/storage/index.ts';
import type { VectorStore } from '../../index/vectors/index.ts';

interface ErasureDeps {
  database: Database;
  storage: FileStorage;
  vectors: VectorStore;
  /** Days for which the file of a deleted document is kept. */
  fileGraceDays: number;
}

interface Erasure {
  organizationId: string;
  documentId: string;
  storageKey: string;
}

/**
 * Removes what a deleted document left in the index. Its file is only marked and stays for some days, in case the database is
 * restored to a time before the deletion; that of an organization that was erased is removed at once, and so are all where
 * no days of grace are set.
 */
export async function eraseDocument(
  { database, storage, vectors, fileGraceDays }: ErasureDeps,
  { organizationId, documentId, storageKey }: Erasure,
): Promise<void> {
  requireStorageKey(storageKey);
  await vectors.removeDocument(organizationId, documentId);
  if (fileGraceDays === 0) return storage.remove(storageKey);
  const isMarked = await database.transaction(async (tx) => {
    // Held, so that an erasure that begins now sees the mark.
    const held = await tx
      .select({ id: organizations.id })
      .from(organizations)
      .where(eq(organizations.id, organizationId))
      .for('key share');
    if (held.length === 0) return false;
    await tx.insert(deletedFiles).values({ storageKey, organizationId }).onConflictDoNothing();
    return true;
  });
  if (!isMarked) await storage.remove(storageKey);
}
