import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Home } from '../../platform/services/home.ts';
import { temporaryHome } from '../../platform/services/temporary-home.ts';
import { memoryFolder } from '../../platform/testing/memory-folder.ts';

/**
 * Where this test run keeps the files of a database after `pandect migrate`, with no rows of anyone in it, and its password. A new
 * home that gets a copy is then one that was migrated before its first start, for a tenth of what it takes to make them.
 */
const store = process.env.PANDECT_TEST_DATABASE;

/**
 * Puts the files into a new home. The first platform of a run gets none, as anywhere at its first start, and neither does one
 * that starts while they are made.
 * @param migrate runs `pandect migrate` on a home
 */
export async function giveDatabase(
  { postgres, keys }: Pick<Home, 'postgres' | 'keys'>,
  migrate: (home: string) => Promise<unknown>,
): Promise<void> {
  const password = join(keys, 'postgres-password');
  // A disk that was mounted over the home is empty.
  if (store === undefined || !existsSync(keys) || !existsSync(postgres)) return;
  if (existsSync(join(postgres, 'data')) || existsSync(password)) return;
  if (await isFirst(join(store, 'started'))) return;
  const kept = join(store, 'kept');
  if (!existsSync(kept)) {
    if (!(await isFirst(join(store, 'making')))) return;
    await make(kept, migrate);
  }
  // A data folder without its password would be one that was half restored.
  await copy(join(kept, 'postgres-password'), password);
  await copy(join(kept, 'data'), join(postgres, 'data'));
}

async function make(kept: string, migrate: (home: string) => Promise<unknown>): Promise<void> {
  const { home, path, remove } = await temporaryHome({ within: await memoryFolder() });
  try {
    await migrate(path);
    const draft = `${kept}.draft`;
    await mkdir(draft);
    await copy(join(home.postgres, 'data'), join(draft, 'data'));
    await copy(join(home.keys, 'postgres-password'), join(draft, 'postgres-password'));
    await rename(draft, kept);
  } finally {
    await remove();
  }
}

/** Of all processes of this run. */
const isFirst = (path: string): Promise<boolean> =>
  mkdir(path).then(
    () => true,
    (error) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );

/** Owners and modes stay. */
const copy = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to]);
