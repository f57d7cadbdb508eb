import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Home } from '../../platform/services/home.ts';
import { userIds } from '../../platform/services/user-ids.ts';

/**
 * What the processes of this test run have compiled of their releases, by unit. Node finds it by places relative to its cache, so that it
 * holds in every home that has the same release. Compiling it again takes as long as everything else at the start of a process.
 */
const store = process.env.PANDECT_TEST_COMPILED;

/** Puts into a new home what was compiled of the releases that it was given. */
export async function giveCompiledCode(home: Home): Promise<void> {
  if (store === undefined) return;
  const units = (await readdir(store)).filter(
    (unit) => existsSync(join(home.releases, unit)) && !existsSync(join(home.cache, unit)),
  );
  const ids = home.ids ? await userIds(home.root, units) : {};
  await Promise.all(
    units.map(async (unit) => {
      const folder = join(home.cache, unit);
      await run('cp', ['-a', join(store, unit), folder]);
      const id = ids[unit];
      if (id === undefined) return;
      // Node names a cache by its own version and the user.
      for (const name of await readdir(folder)) {
        await rename(join(folder, name), join(folder, name.replace(/-\d+$/, `-${id}`)));
      }
      await run('chown', ['-R', `${id}:${id}`, folder]);
    }),
  );
}

/** Keeps what was compiled of units that nothing is kept of yet. A home that is taken away in the meantime is no fault. */
export async function keepCompiledCode({ cache }: Pick<Home, 'cache'>): Promise<void> {
  if (store === undefined) return;
  for (const unit of await readdir(cache).catch(() => [])) {
    if (existsSync(join(store, unit))) continue;
    const draft = await mkdtemp(join(store, '.draft-'));
    await run('cp', ['-a', join(cache, unit), join(draft, unit)])
      .then(async () => {
        if ((await readdir(join(draft, unit))).length > 0) await rename(join(draft, unit), join(store, unit));
      })
      .catch(() => {});
    await rm(draft, { recursive: true, force: true });
  }
}

const run = promisify(execFile);
