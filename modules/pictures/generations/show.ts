import { inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { imageFiles } from '../../../db/schema/pictures/image-files.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import { type FailureReason, type Generation, type PictureVariant, pictureVariants } from '../contract.ts';
import type { ImageRow } from './change-image.ts';

type FileRow = Pick<typeof imageFiles.$inferSelect, 'index' | 'variant' | 'width' | 'height'>;

/** What of the platform's line one generation needs to know. */
interface Line {
  /** Generations that wait before it, and those in progress. */
  before: number;
  running: number;
  /** Of the model, from submit to end, by the last ones; null without any. */
  seconds: number | null;
}

/** Generations in progress over all processes, see `workers/pictures/worker.ts`. */
export const AT_ONCE = 12;
/** Where nothing is known of a model yet. */
const USUAL_SECONDS = 30;
/** From this part on the ratio differs. */
const RATIO_TOLERANCE = 0.05;

/** Generations as people see them, with their place in the line of the whole platform. */
export async function showImages(
  tx: Transaction,
  rows: readonly ImageRow[],
  usualSeconds: (model: string) => number | undefined,
): Promise<Generation[]> {
  const done = rows.filter(({ status }) => status === 'done').map(({ id }) => id);
  const files = done.length > 0 ? await tx.select().from(imageFiles).where(inArray(imageFiles.imageId, done)) : [];
  const lines = await linesOf(tx, rows);
  return rows.map((row) => {
    const own = files.filter(({ imageId }) => imageId === row.id);
    return showImage(row, own, lines.get(row.id), usualSeconds(row.model) ?? USUAL_SECONDS);
  });
}

/** Of those that have not ended. */
async function linesOf(tx: Transaction, rows: readonly ImageRow[]): Promise<Map<string, Line>> {
  const ids = rows.filter(({ endedAt }) => endedAt === null).map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const lines = await tx.execute<{ id: string; before: number; running: number; seconds: number | null }>(
    sql`select images.id, line.before, line.running, line.seconds
      from ${images}, image_line(images.id, images.created_at, images.model) line where ${inArray(images.id, ids)}`,
  );
  return new Map([...lines].map(({ id, ...line }) => [id, line]));
}

function showImage(row: ImageRow, files: readonly FileRow[], line: Line | undefined, usualSeconds: number): Generation {
  const isQueued = row.status === 'queued';
  const etaSeconds = line && estimate(row, line, usualSeconds);
  return {
    ...{ id: row.id, status: row.status, model: row.model, prompt: row.prompt },
    ...(row.reason !== null && { reason: row.reason as FailureReason }),
    ...{ width: row.width, height: row.height, count: row.count, seed: row.seed },
    ...(isQueued && line && { position: line.before + 1 }),
    ...(etaSeconds !== undefined && { etaSeconds }),
    progress: row.progressTotal === null ? null : { done: row.progressDone ?? 0, total: row.progressTotal },
    pictures: picturesOf(row, files),
    units: row.endedAt ? row.units : row.count * row.unitsEach,
    ...{ late: row.late, cancelAsked: row.cancelAskedAt !== null, version: row.version },
    createdAt: row.createdAt.toISOString(),
    ...(row.startedAt && { startedAt: row.startedAt.toISOString() }),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
  };
}

/** In a line of n servers, the k-th is done after ⌈k/n⌉ times. */
function estimate({ status, submittedAt }: ImageRow, { before, running, seconds }: Line, usualSeconds: number): number {
  const each = seconds ?? usualSeconds;
  if (status === 'queued') return Math.ceil(Math.ceil((before + running + 1) / AT_ONCE) * each);
  const elapsed = submittedAt ? (Date.now() - submittedAt.getTime()) / 1000 : 0;
  return Math.max(1, Math.ceil(each - elapsed));
}

function picturesOf({ width, height }: ImageRow, files: readonly FileRow[]): Generation['pictures'] {
  const indexes = [...new Set(files.map(({ index }) => index))].toSorted((a, b) => a - b);
  return indexes.map((index) => {
    const own = files.filter((file) => file.index === index);
    const original = own.find(({ variant }) => variant === 'original') ?? (own[0] as FileRow);
    const ratio = original.width / original.height / (width / height);
    return {
      ...{ index, width: original.width, height: original.height },
      aspectDiffers: Math.abs(Math.log(ratio)) > Math.log(1 + RATIO_TOLERANCE),
      variants: pictureVariants.filter((variant: PictureVariant) => own.some((file) => file.variant === variant)),
    };
  });
}
