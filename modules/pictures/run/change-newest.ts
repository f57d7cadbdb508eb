import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import type { ImageRow } from '../generations/change-image.ts';
import type { Run, RunDeps } from './contract.ts';

/**
 * Writes what is known for sure of a submit, whatever else has changed since, such as a cancellation that was asked for.
 * @returns undefined when the generation has ended, or belongs to a later submit
 */
export function changeNewest<T>(
  { database }: Pick<RunDeps, 'database'>,
  { organizationId }: Pick<Run, 'organizationId'>,
  { id, attempt }: Pick<ImageRow, 'id' | 'attempt'>,
  change: (tx: Transaction, newest: ImageRow) => Promise<T | undefined>,
): Promise<T | undefined> {
  return database.tenant(organizationId, async (tx) => {
    const [newest] = await tx.select().from(images).where(eq(images.id, id)).for('update');
    if (!newest || newest.endedAt !== null || newest.attempt !== attempt) return undefined;
    return change(tx, newest);
  });
}
