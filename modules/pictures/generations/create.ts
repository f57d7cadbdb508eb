import { and, count, eq, gt, max, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { isProblem, Problem } from '../../../platform/kernel/problem.ts';
import { reserveUnits, tellReserved } from '../../commerce/metering/index.ts';
import { unitsUsed } from '../../commerce/problems.ts';
import type { ImageCatalogue } from '../../models/images/catalogue.ts';
import { generationJob } from '../jobs.ts';
import { noUnits, refusedTooOften } from '../problems.ts';
import { announceImage, type ImageRow } from './change-image.ts';
import { type ChosenTask, chooseTask } from './choose-model.ts';
import type { AskedPictures, Asker } from './contract.ts';
import { ownedBy } from './find.ts';

export interface CreateDeps {
  database: Database;
  queue: Queue;
  notifications: Notifications;
  catalogue: ImageCatalogue;
  times: GenerationTimes;
}

export interface GenerationTimes {
  /** Longest wait for a turn. */
  waitSeconds: number;
  /** Longest time at the provider. */
  timeoutSeconds: number;
}

/** From its last submit on, so long a generation without a reference waits for a callback. */
export const UNCERTAIN_SECONDS = 300;
/** What storing and restarts take on top, with room to spare: a reservation that ends early is given back during the work. */
const SPARE_SECONDS = 900;

/** So many refusals in an hour make a person slower. */
const MOST_REFUSED = 3;
const REFUSED_HOURS = 1;
/** The wait after the last of them. */
const SLOW_SECONDS = 120;

/** See `Generations.create`. */
export async function createImage(
  { database, queue, notifications, catalogue, times }: CreateDeps,
  asker: Asker,
  asked: AskedPictures,
  requestId: string,
): Promise<ImageRow> {
  const { organizationId } = asker;
  const task = chooseTask(catalogue, asked);
  return database.tenant(organizationId, async (tx) => {
    // Requests with one key come one after the other, so that the second finds what the first made.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${requestId}, 0))`);
    const [earlier] = await tx.select().from(images).where(eq(images.requestId, requestId));
    if (earlier) return earlier;
    await requirePatience(tx, asker);
    const secondsOpen = times.waitSeconds + times.timeoutSeconds + UNCERTAIN_SECONDS + SPARE_SECONDS;
    const reserved = await reserve(tx, asker, requestId, task, secondsOpen);
    const row = await insertImage(tx, asker, requestId, task, secondsOpen);
    await queue.send(tx, generationJob, { organizationId, imageId: row.id });
    await announceImage(tx, row);
    await tellReserved(tx, notifications, organizationId, reserved);
    return row;
  });
}

/** @throws Problem no-units and what `reserveUnits` throws */
async function reserve(
  tx: Transaction,
  { organizationId, userId, keyId, walletId }: Asker,
  requestId: string,
  { model, count }: ChosenTask,
  secondsOpen: number,
) {
  const amounts = { image: count * model.unitsPerPicture };
  try {
    return await reserveUnits(tx, {
      ...{ owner: { organizationId, walletId }, userId, keyId, requestId },
      ...{ action: 'image', amounts, secondsOpen },
    });
  } catch (error) {
    if (!isProblem(error, unitsUsed)) throw error;
    const { parameters, headers } = error;
    throw new Problem(noUnits, { parameters, headers, cause: error });
  }
}

async function insertImage(
  tx: Transaction,
  { organizationId, userId, keyId, walletId }: Asker,
  requestId: string,
  { model, ...task }: ChosenTask,
  secondsOpen: number,
): Promise<ImageRow> {
  const heldUntil = new Date(Date.now() + secondsOpen * 1000);
  const [row] = await tx
    .insert(images)
    .values({
      ...{ organizationId, requestId, ...task, heldUntil },
      ...(walletId === undefined ? { userId, keyId: keyId ?? null } : { walletId }),
      ...{ model: model.name, provider: model.provider, unitsEach: model.unitsPerPicture },
    })
    .returning();
  if (!row) throw new Error('Create generation: no row came back');
  return row;
}

/** @throws Problem refused-too-often */
async function requirePatience(tx: Transaction, asker: Asker): Promise<void> {
  const [row] = await tx
    .select({ refused: count(), last: max(images.endedAt) })
    .from(images)
    .where(
      and(
        ownedBy(asker),
        eq(images.status, 'refused'),
        gt(images.endedAt, new Date(Date.now() - REFUSED_HOURS * 3_600_000)),
      ),
    );
  const seconds = Math.ceil(((row?.last?.getTime() ?? 0) - Date.now()) / 1000) + SLOW_SECONDS;
  if ((row?.refused ?? 0) < MOST_REFUSED || seconds <= 0) return;
  throw new Problem(refusedTooOften, { parameters: { seconds }, headers: { 'retry-after': String(seconds) } });
}
