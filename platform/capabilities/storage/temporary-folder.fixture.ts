import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function createTemporaryFolder() {
  const directory = await mkdtemp(join(tmpdir(), 'pandect-storage-'));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** Files in it, at any depth. */
export async function countFiles(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}
