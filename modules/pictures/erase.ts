import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { imageFiles } from '../../db/schema/pictures/image-files.ts';
import { images } from '../../db/schema/pictures/images.ts';
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
