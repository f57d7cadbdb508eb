import { execFile } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flushFolder } from '../../kernel/replace-file.ts';

const run = promisify(execFile);

/**
 * Has a folder with everything in it on the disk, at once by its file system: thousands of small files one by one take ten times as
 * long. Where there is no program `sync` that can, they are taken one by one.
 */
export async function flushTree(folder: string): Promise<void> {
  await run('sync', ['-f', folder]).catch(() => flushEach(folder));
}

async function flushEach(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await flushFolder(path);
    if (!entry.isFile()) continue;
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
  await flushFolder(folder);
}
