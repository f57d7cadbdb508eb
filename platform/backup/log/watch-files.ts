import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A mark that changes when a file is added to a folder or removed from it. Stored files never change themselves, so the times of
 * the folders tell.
 * @param skip names in the folder itself
 * @returns undefined where there is no file
 */
export async function folderMark(folder: string, skip: readonly string[]): Promise<string | undefined> {
  let newest = 0;
  let folders = 0;
  let files = 0;
  const walk = async (path: string, isRoot: boolean): Promise<void> => {
    newest = Math.max(newest, (await stat(path)).mtimeMs);
    folders++;
    for await (const entry of await opendir(path)) {
      if (isRoot && skip.includes(entry.name)) continue;
      if (entry.isDirectory()) await walk(join(path, entry.name), false).catch(ignoreMissing);
      else files++;
    }
  };
  await walk(folder, true).catch(ignoreMissing);
  return files === 0 ? undefined : `${newest} ${folders} ${files}`;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
