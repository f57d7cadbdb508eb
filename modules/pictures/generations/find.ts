import { and, eq, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '../../../db/client.ts';
import { newestFirst, type Position } from '../../../db/newest-first.ts';
import { imageFiles } from '../../../db/schema/pictures/image-files.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { GenerationState, PictureFile, PictureVariant } from '../contract.ts';
import type { ImageRow } from './change-image.ts';
import type { Asker } from './contract.ts';

/** Nothing of a wallet is seen by the account that answers for it. */
export const ownedBy = ({ userId, walletId }: Pick<Asker, 'userId' | 'walletId'>): SQL =>
  walletId === undefined ? eq(images.userId, userId) : eq(images.walletId, walletId);

const isId = (id: string) => z.uuid().safeParse(id).success;

/** @throws Problem not-found, for those of others too */
export async function findImage(
  tx: Transaction,
  asker: Pick<Asker, 'userId' | 'walletId'>,
  id: string,
): Promise<ImageRow> {
  const [row] = isId(id)
    ? await tx
        .select()
        .from(images)
        .where(and(eq(images.id, id), ownedBy(asker)))
    : [];
  if (!row) throw new Problem(notFound);
  return row;
}

const pages = newestFirst(images.createdAt, images.id);

/** The newest first. @returns one more than the page holds when there are more */
export function listImages(
  tx: Transaction,
  asker: Pick<Asker, 'userId' | 'walletId'>,
  { status, after, limit }: { status?: GenerationState | undefined; after?: Position | undefined; limit: number },
): Promise<ImageRow[]> {
  return tx
    .select()
    .from(images)
    .where(and(ownedBy(asker), status && eq(images.status, status), pages.after(after)))
    .orderBy(...pages.order)
    .limit(limit + 1);
}

/** @throws Problem not-found */
export async function findFile(
  tx: Transaction,
  asker: Pick<Asker, 'userId' | 'walletId'>,
  id: string,
  index: number,
  variant: PictureVariant,
): Promise<PictureFile> {
  const image = await findImage(tx, asker, id);
  const [file] = await tx
    .select()
    .from(imageFiles)
    .where(and(eq(imageFiles.imageId, image.id), eq(imageFiles.index, index), eq(imageFiles.variant, variant)));
  if (!file) throw new Problem(notFound);
  const { storageKey, type, bytes, width, height, sha256 } = file;
  return { variant, storageKey, type, bytes, width, height, sha256 };
}
