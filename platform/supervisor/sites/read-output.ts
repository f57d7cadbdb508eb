import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A site is not a store of files. */
const MOST_FILES = 5_000;
const MOST_BYTES = 200_000_000;

export interface OutputFile {
  /** From the folder, with `/`. */
  path: string;
  contents: Buffer;
}

/**
 * What a build wrote, in order of the paths. A package that the build runs may be hostile, and the reader may be root: links are
 * refused, not followed. What begins with a dot is left out.
 * @throws for anything but files and folders, and beyond 5,000 files or 200 MB
 */
export async function readOutput(folder: string): Promise<OutputFile[]> {
  const files: OutputFile[] = [];
  let bytes = 0;
  const visit = async (place: string): Promise<void> => {
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const path = relative(folder, join(place, entry.name));
      if (entry.name.startsWith('.')) continue;
      if (!/^[\w.@+-]+$/.test(entry.name)) throw new Error(`"${path}": letters, digits, and . _ - @ + only`);
      if (entry.isDirectory()) await visit(join(place, entry.name));
      else if (entry.isFile()) {
        const contents = await readPlain(join(place, entry.name));
        bytes += contents.length;
        files.push({ path, contents });
      } else throw new Error(`"${path}": neither a file nor a folder`);
      if (files.length > MOST_FILES || bytes > MOST_BYTES) {
        throw new Error(`more than ${MOST_FILES} files or ${MOST_BYTES / 1_000_000} MB`);
      }
    }
  };
  await visit(folder);
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function readPlain(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}
