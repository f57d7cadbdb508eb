import type { Transaction } from '../../../db/client.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { Generation } from '../contract.ts';
import { cancelImage } from './cancel.ts';
import type { ImageRow } from './change-image.ts';
import type { Generations } from './contract.ts';
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
  const within = <T>({ organizationId }: Caller, work: (tx: Transaction) => Promise<T>) =>
    database.tenant(organizationId, work);

  return {
    async create(caller, asked, requestId) {
      const row = await createImage(deps, caller, asked, requestId);
      return within(caller, (tx) => show(tx, row));
    },
    list: (caller, query) =>
      within(caller, async (tx) => {
        const rows = await listImages(tx, caller, query);
        const items = await showAll(tx, rows.slice(0, query.limit));
        const last = rows.length > query.limit ? items.at(-1) : undefined;
        return { items, ...(last && { next: { at: last.createdAt, id: last.id } }) };
      }),
    read: (caller, id) => within(caller, async (tx) => show(tx, await findImage(tx, caller, id))),
    cancel: (caller, id) =>
      within(caller, async (tx) => show(tx, await cancelImage(tx, () => findImage(tx, caller, id)))),
    async remove(caller, id) {
      const keys = await within(caller, (tx) => removeImage(tx, caller, id));
      for (const key of keys) await deps.storage.remove(key);
    },
    file: (caller, id, index, variant) => within(caller, (tx) => findFile(tx, caller, id, index, variant)),
    heard: (provider, imageId, token, headers, body) => hearProvider(deps, { provider, imageId, token, headers, body }),
  };
}
