import { access, constants, statfs } from 'node:fs/promises';

const FOLDER = '/dev/shm';
const FREE_BYTES = 2 * 1024 ** 3;

/**
 * A place for many small files that last no longer than a run of the tests: the hundreds of a new database are made there in
 * a fraction of the time. @returns undefined where there is none, or too little memory is free
 */
export async function memoryFolder(): Promise<string | undefined> {
  try {
    await access(FOLDER, constants.W_OK);
    const { bavail, bsize } = await statfs(FOLDER);
    return Math.min(bavail * bsize, process.availableMemory()) >= FREE_BYTES ? FOLDER : undefined;
  } catch {
    return undefined;
  }
}
