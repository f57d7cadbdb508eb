import { asc, eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { documents } from '../../db/schema/legal/documents.ts';
import { organizations } from '../../db/schema/people/organizations.ts';
import { deletedFiles } from '../../db/schema/platform/deleted-files.ts';
import { eraseDocumentRow } from '../../modules/legal/documents/delete.ts';
import type { VectorStore } from '../../modules/legal/index/vectors/index.ts';
import { eraseOrganizationRow } from '../../modules/people/organizations/erase.ts';
import type { Cache } from '../../platform/capabilities/cache/index.ts';
import type { FileStorage, PartialUploads } from '../../platform/capabilities/storage/index.ts';

const BATCH = 500;

interface ErasureDeps {
  database: Database;
  storage: FileStorage;
  partialUploads: PartialUploads;
  vectors: VectorStore;
  cache: Cache;
}

/**
 * Removes everything of an organization but what bookkeeping must keep: invoices, payments and the ledger, which do not
 * refer to it. First what the rows lead to, then the rows, then again what requests and jobs under way may have added
 * in the meantime. Each step may be done twice, so a job that was cut off starts over.
 */
export async function eraseOrganization(deps: ErasureDeps, organizationId: string): Promise<void> {
  const { database, partialUploads, vectors, cache } = deps;
  const [organization] = await database.transaction((tx) =>
    tx.select().from(organizations).where(eq(organizations.id, organizationId)),
  );
  // No one asked for it: such a job must not be obeyed.
  if (organization && !organization.erasureRequestedAt) return;
  if (organization) {
    await removeFiles(deps, organizationId);
    await database.transaction((tx) => eraseOrganizationRow(tx, organizationId));
  }
  // The organization is to be forgotten at once: its deleted files are given no days of grace either.
  await removeDeletedFiles(deps, organizationId);
  await partialUploads.removeOrganization(organizationId);
  await vectors.removeOrganization(organizationId);
  // Last, since Redis may be away longer than an attempt waits.
  await cache.removeAll(`answer:${organizationId}:`);
}

async function removeDeletedFiles({ database, storage }: ErasureDeps, organizationId: string): Promise<void> {
  const ofIt = eq(deletedFiles.organizationId, organizationId);
  const rows = await database.transaction((tx) => tx.select().from(deletedFiles).where(ofIt));
  for (const { storageKey } of rows) await storage.remove(storageKey);
  await database.transaction((tx) => tx.delete(deletedFiles).where(ofIt));
}

/** With their rows, so that what is left of a job that was cut off is what is still to do. */
async function removeFiles({ database, storage }: ErasureDeps, organizationId: string): Promise<void> {
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
