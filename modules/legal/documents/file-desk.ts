import { asc, count, inArray, isNotNull } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { deletedFiles } from '../../../db/schema/platform/deleted-files.ts';
import { orphanedFiles } from '../../../db/schema/platform/orphaned-files.ts';
import { Refused } from '../../../platform/kernel/refused.ts';

export interface MissingFile {
  documentId: string;
  organizationId: string;
  storageKey: string;
  /** ISO 8601 */
  since: string;
}

export interface OrphanedFile {
  storageKey: string;
  bytes: number;
  /** ISO 8601 */
  storedAt: string;
}

/** What the sweeps found when they compared storage and database. */
export interface FileDesk {
  missing(): Promise<MissingFile[]>;
  orphans(): Promise<OrphanedFile[]>;
  counts(): Promise<{ missing: number; orphans: number }>;
  /** @param keys all of them when undefined @returns the keys of those that the next sweep deletes @throws for one that is not listed */
  deleteOrphans(keys: readonly string[] | undefined): Promise<string[]>;
}

export function createFileDesk(database: Pick<Database, 'transaction'>): FileDesk {
  const isMissing = isNotNull(documents.fileMissingAt);
  return {
    async missing() {
      const rows = await database.transaction((tx) =>
        tx.select().from(documents).where(isMissing).orderBy(asc(documents.fileMissingAt), asc(documents.id)),
      );
      return rows.map(({ id, organizationId, storageKey, fileMissingAt }) => ({
        ...{ documentId: id, organizationId, storageKey },
        since: (fileMissingAt as Date).toISOString(),
      }));
    },
    async orphans() {
      const rows = await database.transaction((tx) =>
        tx.select().from(orphanedFiles).orderBy(asc(orphanedFiles.storedAt), asc(orphanedFiles.storageKey)),
      );
      return rows.map(({ storageKey, bytes, storedAt }) => ({ storageKey, bytes, storedAt: storedAt.toISOString() }));
    },
    counts: () =>
      database.transaction(async (tx) => ({
        missing: await tx.$count(documents, isMissing),
        orphans: (await tx.select({ count: count() }).from(orphanedFiles))[0]?.count ?? 0,
      })),
    deleteOrphans: (keys) =>
      database.transaction(async (tx) => {
        const gone = await tx
          .delete(orphanedFiles)
          .where(keys && inArray(orphanedFiles.storageKey, [...keys]))
          .returning();
        const found = gone.map(({ storageKey }) => storageKey);
        const unknown = keys?.find((key) => !found.includes(key));
        if (unknown !== undefined) throw new Refused('missing', `Delete orphan "${unknown}": it is not listed`);
        // No days of grace: anyone who deletes it has looked.
        const rows = found.map((storageKey) => ({ storageKey, deletedAt: new Date(0) }));
        if (rows.length > 0) await tx.insert(deletedFiles).values(rows).onConflictDoNothing();
        return found;
      }),
  };
}
