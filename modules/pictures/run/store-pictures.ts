import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { imageFiles } from '../../../db/schema/pictures/image-files.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import { storageKeyOf } from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { reservationState, settleUnits } from '../../commerce/metering/index.ts';
import { ImageGone, type ImageOutcome, type MadePicture } from '../../models/image-model.ts';
import type { ImageProviderName } from '../../models/images/provider-names.ts';
import type { FailureReason, InspectedPicture, PictureFile } from '../contract.ts';
import { changeImage, type EmptyEnd, type ImageRow } from '../generations/change-image.ts';
import { changeNewest } from './change-newest.ts';
import type { Run, RunDeps } from './contract.ts';

type Made = Extract<ImageOutcome, { outcome: 'made' }>;

/** Of a picture as its provider gives it. */
const MAX_BYTES = 32 * 1_048_576;
const TRIES = 3;
const TRY_MS = 500;

/** Pictures that may not be shown, and why others could not be. */
interface Gathered {
  stored: { index: number; files: PictureFile[] }[];
  refused: number;
  failure: FailureReason | undefined;
}

/**
 * Fetches, checks and stores the pictures of a task one after the other, and makes the generation `done`: its files, its charge for each
 * picture, and its state in one transaction.
 * @returns the end of a generation without a picture that may be shown
 */
export async function storePictures(
  deps: RunDeps,
  run: Run,
  row: ImageRow,
  made: Made,
  { isLate }: { isLate: boolean },
): Promise<'now' | EmptyEnd> {
  if (!isLate && row.status !== 'storing')
    await changeNewest(deps, run, row, (tx, newest) =>
      changeImage(tx, newest, { status: 'storing', startedAt: newest.startedAt ?? new Date(), uncertainAt: null }),
    );
  const { stored, refused, failure } = await gather(deps, run, row, made.pictures);
  if (stored.length > 0) {
    const isDone = await deps.database.tenant(run.organizationId, (tx) => complete(tx, row, stored));
    if (!isDone) await removeFiles(deps, stored);
    return 'now';
  }
  if (failure === undefined || refused > 0) return { status: 'refused', maybeCharged: true };
  return { status: 'failed', reason: failure, maybeCharged: true };
}

async function gather(deps: RunDeps, run: Run, row: ImageRow, pictures: readonly MadePicture[]): Promise<Gathered> {
  const gathered: Gathered = { stored: [], refused: 0, failure: pictures.length === 0 ? 'no-picture' : undefined };
  for (const made of pictures.slice(0, row.count)) {
    if (made.flagged) {
      gathered.refused += 1;
      continue;
    }
    const checked = await checkPicture(deps, run, row, made);
    if (typeof checked === 'string') {
      gathered.failure = checked;
      continue;
    }
    if (checked.isBlank) {
      gathered.refused += 1;
      continue;
    }
    const index = gathered.stored.length;
    const files = await storeFiles(deps, run, row, { index, picture: checked });
    if (files) gathered.stored.push({ index, files });
    else gathered.failure = 'storage-full';
  }
  return gathered;
}

/** Bytes of a stranger, checked. */
async function checkPicture(
  { models, inspector }: RunDeps,
  { signal, log }: Run,
  { id, provider }: ImageRow,
  { picture }: MadePicture,
): Promise<InspectedPicture | FailureReason> {
  const model = models.modelOf(provider as ImageProviderName);
  const fetched = repeatedly(signal, () => model.fetch(picture, { maxBytes: MAX_BYTES, signal })).catch(
    (cause: unknown) => {
      throw new FetchFailure(cause);
    },
  );
  try {
    const content = await fetched;
    return await repeatedly(signal, () => inspector.inspect(content, signal));
  } catch (thrown) {
    signal.throwIfAborted();
    // A check that failed by itself says nothing of the picture: the job is done again.
    if (!(thrown instanceof FetchFailure || thrown instanceof Problem)) throw thrown;
    const error = thrown instanceof FetchFailure ? thrown.cause : thrown;
    log.warn({ error, image: id }, 'Generation: one of its pictures is not usable');
    if (error instanceof ImageGone) return 'no-picture';
    if (error instanceof RangeError) return 'too-large';
    if (error instanceof Problem) return error.type === 'picture-too-large' ? 'too-large' : 'not-a-picture';
    return 'provider-down';
  }
}

/** Of a picture at its provider. */
class FetchFailure extends Error {
  constructor(cause: unknown) {
    super('Fetch a picture: its provider failed', { cause });
    this.name = 'FetchFailure';
  }
}

/** What stays wrong however often it is tried. */
const isFinal = (error: unknown) =>
  error instanceof ImageGone || error instanceof RangeError || error instanceof Problem;

async function repeatedly<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (isFinal(error) || tried >= TRIES || signal.aborted) throw error;
      await sleep(TRY_MS * 2 ** tried, undefined, { signal });
    }
  }
}

/**
 * Stores the variants of a picture, from the bytes at hand, however often it takes. The same variant has the same key each time, so that
 * what a killed process stored is stored over.
 * @returns undefined when the storage takes none
 */
async function storeFiles(
  { storage }: RunDeps,
  { signal, log }: Run,
  { id }: ImageRow,
  { index, picture }: { index: number; picture: InspectedPicture },
): Promise<PictureFile[] | undefined> {
  const stored: PictureFile[] = [];
  try {
    for (const { variant, type, width, height, content } of picture.files) {
      const storageKey = storageKeyOf(`image ${id} ${index} ${variant}`);
      const { bytes, sha256 } = await repeatedly(signal, () =>
        storage.write(storageKey, Readable.from([content]), { maxBytes: content.length, signal }),
      );
      stored.push({ variant, storageKey, type, bytes, width, height, sha256 });
    }
    return stored;
  } catch (error) {
    signal.throwIfAborted();
    log.error({ error, image: id }, 'Generation: a picture could not be stored');
    return undefined;
  }
}

/**
 * storing → done, or failed | expired → done by pictures that come late. What was given back by then is not charged again.
 * @returns false when it ended otherwise, and has no files
 */
async function complete(tx: Transaction, { id }: ImageRow, stored: Gathered['stored']): Promise<boolean> {
  const [row] = await tx.select().from(images).where(eq(images.id, id)).for('update');
  if (!row) return false;
  if (row.status === 'done') return true;
  const isLate = row.status === 'failed' || row.status === 'expired';
  if (row.endedAt !== null && !isLate) return false;
  const state = await reservationState(tx, row.requestId);
  const isHeld = state === 'reserved' || state === 'started';
  const isFree = isLate || !isHeld;
  const units = isFree ? 0 : stored.length * row.unitsEach;
  const { organizationId, requestId } = row;
  const files = stored.flatMap(({ index, files }) =>
    files.map((file) => ({ ...file, imageId: id, organizationId, index })),
  );
  await tx.insert(imageFiles).values(files);
  await changeImage(tx, row, {
    ...{ status: 'done', reason: null, units, late: isFree, maybeCharged: false, endedAt: new Date() },
    ...{ progressDone: null, progressTotal: null, uncertainAt: null },
  });
  if (isFree) return true;
  const attempt = { outcome: 'done', model: row.model, promptTokens: 0, completionTokens: 0, cachedTokens: 0 } as const;
  await settleUnits(tx, organizationId, requestId, { amounts: { image: units }, attempts: [attempt] });
  return true;
}

async function removeFiles({ storage }: RunDeps, stored: Gathered['stored']): Promise<void> {
  for (const { storageKey } of stored.flatMap(({ files }) => files)) await storage.remove(storageKey);
}
