import { eq, inArray } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { imageFiles } from '../../db/schema/pictures/image-files.ts';
import { images } from '../../db/schema/pictures/images.ts';
import { deletedFiles } from '../../db/schema/platform/deleted-files.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';

/** Removes all generations of an organization, the files of their pictures first. */
export async function eraseImagesOf(
  { database, storage }: { database: Database; storage: FileStorage },
  organizationId: string,
): Promise<void> {
  const rows = await database.transaction((tx) =>
    tx
      .select({ storageKey: imageFiles.storageKey })
      .from(imageFiles)
      .where(eq(imageFiles.organizationId, organizationId)),
  );
  for (const { storageKey } of rows) await storage.remove(storageKey);
  await database.transaction((tx) => tx.delete(images).where(eq(images.organizationId, organizationId)));
}

/** Removes the generations of a wallet; files of their pictures go as those of deleted documents do. */
export async function eraseImagesOfWallet(
  tx: Transaction,
  { organizationId, walletId }: { organizationId: string; walletId: string },
): Promise<void> {
  const own = tx.select({ id: images.id }).from(images).where(eq(images.walletId, walletId));
  const files = await tx
    .select({ storageKey: imageFiles.storageKey })
    .from(imageFiles)
    .where(inArray(imageFiles.imageId, own));
  const rows = files.map(({ storageKey }) => ({ storageKey, organizationId }));
  if (rows.length > 0) await tx.insert(deletedFiles).values(rows).onConflictDoNothing();
  await tx.delete(images).where(eq(images.walletId, walletId));
}
