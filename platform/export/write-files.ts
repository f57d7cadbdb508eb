import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes texts by their paths into a folder, which is made where it is missing.
 * @returns how many files there are
 * @throws when the folder holds something: a file of an earlier export that is not written again would be applied with the others
 */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<number> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new Error(`Export to "${folder}": ${error.code === 'ENOTDIR' ? 'is a file' : error.message}`);
  });
  if (there.length > 0) {
    throw new Error(`Export to "${folder}": the folder holds "${there[0]}"; name a new or empty one`);
  }
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  return Object.keys(files).length;
}
