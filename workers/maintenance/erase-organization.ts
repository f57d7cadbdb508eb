import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { organizations } from '../../db/schema/people/organizations.ts';
import { eraseDocumentsOf, removeDeletedFilesOf } from '../../modules/legal/documents/files/erase-all.ts';
import type { VectorStore } from '../../modules/legal/index/vectors/index.ts';
import { eraseGatewayFilesOf } from '../../modules/models/files/sweep-files.ts';
import { eraseOrganizationRow } from '../../modules/people/organizations/erase.ts';
import { eraseImagesOf } from '../../modules/pictures/erase.ts';
import type { Cache } from '../../platform/capabilities/cache/index.ts';
import type { ErasureJournal } from '../../platform/capabilities/storage/erasure-journal.ts';
import type { FileStorage, PartialUploads } from '../../platform/capabilities/storage/index.ts';

interface ErasureDeps {
  database: Database;
  storage: FileStorage;
  partialUploads: PartialUploads;
  vectors: VectorStore;
  cache: Cache;
  erasureJournal: ErasureJournal;
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
  // First, so that a restore applies it again whatever ends this job.
  await deps.erasureJournal.note({ kind: 'organization', id: organizationId });
  if (organization) {
    await eraseDocumentsOf(deps, organizationId);
    await eraseGatewayFilesOf(deps, organizationId);
    await eraseImagesOf(deps, organizationId);
    await database.transaction((tx) => eraseOrganizationRow(tx, organizationId));
  }
  // The organization is to be forgotten at once: its deleted files are given no days of grace either.
  await removeDeletedFilesOf(deps, organizationId);
  await partialUploads.removeOrganization(organizationId);
  await vectors.removeOrganization(organizationId);
  // Last, since Redis may be away longer than an attempt waits.
  await cache.removeAll(`answer:${organizationId}:`);
}
