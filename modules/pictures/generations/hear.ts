import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../../../db/client.ts';
import { imageCallbacks } from '../../../db/schema/pictures/image-callbacks.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import { announce } from '../../../platform/capabilities/feed/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { ImageModel } from '../../models/image-model.ts';
import type { ImageCatalogue } from '../../models/images/catalogue.ts';
import { generationJob } from '../jobs.ts';
import { isToken, organizationOf } from './callback-token.ts';
import { changeImage, type ImageRow } from './change-image.ts';
import { hintTopic } from './topics.ts';

export interface HearDeps {
  database: Database;
  queue: Queue;
  catalogue: Pick<ImageCatalogue, 'find'>;
  models: { modelOf(provider: string): Pick<ImageModel, 'readCallback'> };
}

interface Heard {
  provider: string;
  imageId: string;
  token: string;
  headers: Headers;
  body: Buffer;
}

/** See `Generations.heard`. */
export async function hearProvider({ database, queue, catalogue, models }: HearDeps, heard: Heard): Promise<void> {
  const { provider, imageId, token, headers, body } = heard;
  const organizationId = organizationOf(token);
  if (organizationId === undefined || !z.uuid().safeParse(imageId).success) throw new Problem(notFound);
  const find = (tx: Transaction) => findMeant(tx, { provider, imageId, token });
  const { model } = await database.tenant(organizationId, find);
  const callback = await models.modelOf(provider).readCallback?.(headers, body, catalogue.find(model)?.endpoint ?? '');
  if (!callback) throw new Problem(notFound);
  await database.tenant(organizationId, async (tx) => {
    const row = await find(tx);
    if (row.reference !== null && row.reference !== callback.reference) throw new Problem(notFound);
    const { deliveryKey } = callback;
    const isNew = await tx
      .insert(imageCallbacks)
      .values({ imageId, organizationId, provider, deliveryKey })
      .onConflictDoNothing()
      .returning({ imageId: imageCallbacks.imageId });
    if (isNew.length === 0) return;
    await note(tx, queue, row, callback.reference);
  });
}

/** @throws Problem not-found */
async function findMeant(
  tx: Transaction,
  { provider, imageId, token }: Pick<Heard, 'provider' | 'imageId' | 'token'>,
): Promise<ImageRow> {
  // A change in between would be lost on the reference.
  const [row] = await tx.select().from(images).where(eq(images.id, imageId)).for('update');
  if (!row || row.provider !== provider || row.callbackTokenHash === null || !isToken(token, row.callbackTokenHash))
    throw new Problem(notFound);
  return row;
}

/** The worker that has the generation looks at once; where none has it, a job does so. */
async function note(tx: Transaction, queue: Queue, row: ImageRow, reference: string): Promise<void> {
  if (row.status === 'done' || row.status === 'cancelled' || row.status === 'refused') return;
  // Its submit was accepted, although no answer came.
  if (row.reference === null) await changeImage(tx, row, { reference });
  await announce(tx, hintTopic, row.id);
  if (row.endedAt === null && row.uncertainAt === null) return;
  await queue.send(tx, generationJob, { organizationId: row.organizationId, imageId: row.id });
}
