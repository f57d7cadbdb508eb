import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../../db/client.ts';
import { botUsers } from '../../../../db/schema/bots/bot-users.ts';
import { followedImages } from '../../../../db/schema/bots/followed-images.ts';
import type { Queue } from '../../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { type OutgoingAction, plain, sendInChat } from '../../../messages/telegram/index.ts';
import type { Generation, PictureFile } from '../../../pictures/contract.ts';
import { isFinal, isOver } from '../../../pictures/generation-state.ts';
import type { Asker, Generations } from '../../../pictures/generations/index.ts';
import { followJob } from './follow-job.ts';
import { againKeyboard, cancelKeyboard, showPhoto, statusOf } from './show-image.ts';

export interface FollowDeps {
  database: Database;
  queue: Queue;
  generations: Pick<Generations, 'read' | 'file'>;
}

/** Between two looks at what is in progress, and at what may still come late. */
const LOOK_SECONDS = 2;
const LATE_LOOK_SECONDS = 60;
const LATE_SECONDS = 30 * 60;
/** Between two changes of a message, unless the status is another. */
const EDIT_MS = 5_000;

/** Looks once at a generation, and stores what its person is to be told, with the next look, in one transaction. */
export async function followImage(
  { database, queue, generations }: FollowDeps,
  { organizationId, imageId }: { organizationId: string; imageId: string },
): Promise<void> {
  const within = <T>(work: (tx: Transaction) => Promise<T>) => database.tenant(organizationId, work);
  const followed = await within((tx) => findFollowed(tx, imageId));
  if (!followed || followed.deliveredAt) return;
  const asker: Asker = { organizationId, userId: '', walletId: followed.walletId };
  const generation = await generations.read(asker, imageId).catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  });
  if (!generation) return;
  const files = await Promise.all(
    generation.pictures.map(({ index }) => generations.file(asker, imageId, index, 'display')),
  );
  await within((tx) => tell(tx, queue, generation, files));
}

async function findFollowed(tx: Transaction, imageId: string) {
  const [row] = await tx
    .select({ deliveredAt: followedImages.deliveredAt, walletId: botUsers.walletId })
    .from(followedImages)
    .innerJoin(botUsers, eq(botUsers.id, followedImages.botUserId))
    .where(eq(followedImages.imageId, imageId));
  return row;
}

async function tell(
  tx: Transaction,
  queue: Queue,
  generation: Generation,
  files: readonly PictureFile[],
): Promise<void> {
  const { id, status } = generation;
  const [row] = await tx.select().from(followedImages).where(eq(followedImages.imageId, id)).for('update');
  if (!row || row.deliveredAt) return;
  const [user] = await tx.select({ language: botUsers.language }).from(botUsers).where(eq(botUsers.id, row.botUserId));
  const language = user?.language ?? 'en';
  const { organizationId, botId, chatId, occasion } = row;
  const say = (step: string, action: OutgoingAction) =>
    sendInChat(tx, queue, { organizationId, botId, chatId, occasion, step, action });
  if (status === 'done') {
    if (row.status !== 'failed' && row.status !== 'expired') await say('over', { kind: 'delete', of: 'status' });
    for (const [index, file] of files.entries())
      await say(`picture:${index}`, showPhoto(generation, index, file, language));
    await tx.update(followedImages).set({ status, deliveredAt: sql`now()` }).where(eq(followedImages.imageId, id));
    return;
  }
  const said = statusOf(generation, language);
  const isDue = row.status !== status || Date.now() - row.saidAt.getTime() >= EDIT_MS;
  if (said !== row.said && isDue) {
    const step = row.step + 1;
    const keyboard = isOver(generation) ? againKeyboard(id, language) : cancelKeyboard(id, language);
    await say(`status:${step}`, { kind: 'edit', of: 'status', text: plain(said), keyboard });
    await tx
      .update(followedImages)
      .set({ step, status, said, saidAt: sql`now()` })
      .where(eq(followedImages.imageId, id));
  }
  const startAfter = nextLook(generation);
  if (startAfter === undefined) return;
  await queue.send(
    tx,
    followJob,
    { kind: 'image', organizationId, imageId: id },
    { startAfter, singleton: `image:${id}` },
  );
}

/** Seconds until the next look; none at what has ended for good. */
function nextLook(generation: Generation): number | undefined {
  if (!isOver(generation)) return LOOK_SECONDS;
  const endedAt = Date.parse(generation.endedAt ?? '');
  return isFinal(generation) || Date.now() - endedAt > LATE_SECONDS * 1000 ? undefined : LATE_LOOK_SECONDS;
}
