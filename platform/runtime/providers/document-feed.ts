import { createDocumentFeed, type DocumentFeed } from '../../capabilities/document-feed/index.ts';
import type { Boot } from '../boot.ts';
import { database } from './database.ts';

export async function documentFeed(boot: Boot): Promise<DocumentFeed> {
  return createDocumentFeed(await boot.use(database));
}
