import type { Boot } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { createDocumentFeed, type DocumentFeed } from './document-feed.ts';

export async function documentFeed(boot: Boot): Promise<DocumentFeed> {
  return createDocumentFeed(await boot.use(database));
}
