import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { imageFiles } from '../../../db/schema/pictures/image-files.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { imageInProgress } from '../problems.ts';
import { announceImage } from './change-image.ts';
import type { Asker } from './contract.ts';
import { findImage } from './find.ts';

/** See `Generations.remove`. @returns the keys of its files, to be removed when the transaction has committed */
export async function removeImage(tx: Transaction, asker: Asker, id: string): Promise<string[]> {
  for (;;) {
    const row = await findImage(tx, asker, id);
    if (!row.endedAt) throw new Problem(imageInProgress);
    const files = await tx.select({ key: imageFiles.storageKey }).from(imageFiles).where(eq(imageFiles.imageId, id));
    // Pictures may have come late in between.
    const removed = await tx
      .delete(images)
      .where(and(eq(images.id, id), eq(images.version, row.version)))
      .returning({ id: images.id });
    if (removed.length === 0) continue;
    await announceImage(tx, row);
    return files.map(({ key }) => key);
  }
}
