import type { Transaction } from '../../../db/client.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import type { Generation } from '../contract.ts';
import { cancelImage } from './cancel.ts';
import type { ImageRow } from './change-image.ts';
import type { Asker, Generations } from './contract.ts';
import { type CreateDeps, createImage } from './create.ts';
import { findFile, findImage, listImages } from './find.ts';
import { type HearDeps, hearProvider } from './hear.ts';
import { removeImage } from './remove.ts';
import { showImages } from './show.ts';

export type GenerationsDeps = CreateDeps & HearDeps & { storage: Pick<FileStorage, 'remove'> };

export function createGenerations(deps: GenerationsDeps): Generations {
  const { database, catalogue } = deps;
  const usualSeconds = (model: string) => catalogue.find(model)?.usualSeconds;
  const showAll = (tx: Transaction, rows: readonly ImageRow[]) => showImages(tx, rows, usualSeconds);
  const show = async (tx: Transaction, row: ImageRow) => (await showAll(tx, [row]))[0] as Generation;
  const within = <T>({ organizationId }: Asker, work: (tx: Transaction) => Promise<T>) =>
    database.tenant(organizationId, work);

  return {
    async create(asker, asked, requestId) {
      const row = await createImage(deps, asker, asked, requestId);
      return within(asker, (tx) => show(tx, row));
    },
    list: (asker, query) =>
      within(asker, async (tx) => {
        const rows = await listImages(tx, asker, query);
        const items = await showAll(tx, rows.slice(0, query.limit));
        const last = rows.length > query.limit ? items.at(-1) : undefined;
        return { items, ...(last && { next: { at: last.createdAt, id: last.id } }) };
      }),
    read: (asker, id) => within(asker, async (tx) => show(tx, await findImage(tx, asker, id))),
    cancel: (asker, id) => within(asker, async (tx) => show(tx, await cancelImage(tx, () => findImage(tx, asker, id)))),
    async remove(asker, id) {
      const keys = await within(asker, (tx) => removeImage(tx, asker, id));
      for (const key of keys) await deps.storage.remove(key);
    },
    file: (asker, id, index, variant) => within(asker, (tx) => findFile(tx, asker, id, index, variant)),
    heard: (provider, imageId, token, headers, body) => hearProvider(deps, { provider, imageId, token, headers, body }),
  };
}
