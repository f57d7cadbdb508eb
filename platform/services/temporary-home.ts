import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Home, prepareHome } from './home.ts';
import { removeWithHomes } from './remove-home.ts';

/** A home for one test. `remove` takes everything away that was made for it; stop its services first. */
export interface TemporaryHome {
  /** The path that was asked for; the home may stand elsewhere. */
  path: string;
  home: Home;
  remove(): Promise<void>;
}

/**
 * @param options.hidden in a folder that only its owner may enter; `below` a path under the temporary folder; `within` what the
 * temporary folder is made in, instead of the system's
 */
export async function temporaryHome(
  options: { hidden?: boolean; below?: string; within?: string | undefined } = {},
): Promise<TemporaryHome> {
  const folder = await mkdtemp(join(options.within ?? tmpdir(), 'pandect-test-'));
  if (!options.hidden) await chmod(folder, 0o755);
  const path = join(folder, options.below ?? 'home');
  const home = await prepareHome(path);
  return {
    path,
    home,
    async remove() {
      for (const place of [home.run, home.root]) await rm(place, { recursive: true, force: true });
      await removeWithHomes(folder);
    },
  };
}
