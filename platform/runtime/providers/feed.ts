import { createFeed, type Feed } from '../../capabilities/feed/index.ts';
import type { Boot } from '../boot.ts';
import { database } from './database.ts';

export async function feed(boot: Boot): Promise<Feed> {
  return createFeed(await boot.use(database));
}
