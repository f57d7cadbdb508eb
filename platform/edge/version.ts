import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What clients are told of the platform with every answer of its API. */
export interface EdgeVersion {
  /** Digest of the API description; empty while there is none. */
  api: string;
  /** Release of the site; empty while none is served. */
  site: string;
}

/** The edge looks into it at each request: no value in its configuration may change with a deploy, see `renderRoutes`. */
export const versionFolder = (run: string): string => join(run, 'version');

/** Writes parts of the version, one after the other. */
export function createVersion(run: string): { write(part: Partial<EdgeVersion>): Promise<void> } {
  const folder = versionFolder(run);
  let known: EdgeVersion = { api: '', site: '' };
  let writing: Promise<void> = Promise.resolve();
  const write = async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
    const name = `v${known.api}.${known.site}`;
    const [first, ...others] = await readdir(folder);
    for (const other of others) await rm(join(folder, other), { force: true });
    if (first === undefined) await writeFile(join(folder, name), '', { mode: 0o644 });
    else if (first !== name) await rename(join(folder, first), join(folder, name));
  };
  return {
    write(part) {
      known = { ...known, ...part };
      writing = writing.catch(() => {}).then(write);
      return writing;
    },
  };
}
