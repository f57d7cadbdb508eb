import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../../platform/services/home.ts';
import { ownerUrl as urlOf } from '../../platform/services/postgres.ts';
import { readPidFile } from '../../platform/services/postgres-data.ts';

/** How the owner reaches the database of a platform that runs, as its supervisor does. */
export async function ownerUrl(home: Pick<Home, 'postgres' | 'keys'>): Promise<string> {
  const password = (await readFile(join(home.keys, 'postgres-password'), 'utf8')).trim();
  const running = await readPidFile(join(home.postgres, 'data'));
  if (!running) throw new Error('Read the owner’s URL: PostgreSQL does not run');
  return urlOf(password, running.socketFolder);
}
