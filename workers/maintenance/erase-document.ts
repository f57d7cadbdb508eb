import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { deletedFiles } from '../../db/schema/deleted-files.ts';
import { organizations } from '../../db/schema/organizations.ts';
import { type FileStorage, requireStorageKey } from '../../platform/capabilities/storage/index.ts';
import type { VectorStore } from '../../platform/capabilities/vectors/index.ts';

interface Erasure {
  organizationId: string;
  documentId: string;
  storageKey: string;
}

/**
 * Removes what a deleted document left in the index. Its file is only marked and stays for some days, in case the database is
 * restored to a time before the deletion; that of an organization that was erased goes at once.
 */
export async function eraseDocument(
  { database, storage, vectors }: { database: Database; storage: FileStorage; vectors: VectorStore },
  { organizationId, documentId, storageKey }: Erasure,
): Promise<void> {
  requireStorageKey(storageKey);
  await vectors.removeDocument(organizationId, documentId);
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
