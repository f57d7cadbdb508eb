import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { type ImageStatus, images } from '../../../db/schema/pictures/images.ts';
import { announce } from '../../../platform/capabilities/feed/index.ts';
import { releaseUnits, reservationState } from '../../commerce/metering/index.ts';
import type { FailureReason } from '../contract.ts';
import { generationsTopic, generationTopic } from './topics.ts';

export type ImageRow = typeof images.$inferSelect;
type Changes = Partial<Omit<typeof images.$inferInsert, 'id' | 'organizationId' | 'version'>>;

/** Changes a generation as it was seen, and announces it. @returns undefined when another has changed it since */
export async function changeImage(
  tx: Transaction,
  { id, organizationId, version }: Pick<ImageRow, 'id' | 'organizationId' | 'version'>,
  changes: Changes,
): Promise<ImageRow | undefined> {
  const [row] = await tx
    .update(images)
    .set({ ...changes, version: version + 1 })
    .where(and(eq(images.id, id), eq(images.version, version)))
    .returning();
  if (row) await announceImage(tx, { id, organizationId });
  return row;
}

/** Tells the followers of a generation, and those of all of its organization. */
export async function announceImage(
  tx: Transaction,
  { id, organizationId }: Pick<ImageRow, 'id' | 'organizationId'>,
): Promise<void> {
  await announce(tx, generationTopic, id);
  await announce(tx, generationsTopic, organizationId);
}

/** How a generation ends without pictures. */
export interface EmptyEnd {
  status: Extract<ImageStatus, 'failed' | 'refused' | 'cancelled' | 'expired'>;
  reason?: FailureReason | undefined;
  /** The provider may charge it all the same. */
  maybeCharged?: boolean | undefined;
}

/** Ends a generation without pictures, and gives its units back. @returns undefined when another has changed it since */
export async function endImage(
  tx: Transaction,
  row: ImageRow,
  { status, reason, maybeCharged = false }: EmptyEnd,
): Promise<ImageRow | undefined> {
  const ended = await changeImage(tx, row, {
    ...{ status, reason: reason ?? null, maybeCharged, endedAt: new Date() },
    ...{ nextAt: null, uncertainAt: null, progressDone: null, progressTotal: null },
  });
  const isKnown = ended && (await reservationState(tx, row.requestId)) !== undefined;
  if (isKnown) await releaseUnits(tx, row.organizationId, row.requestId);
  return ended;
}
