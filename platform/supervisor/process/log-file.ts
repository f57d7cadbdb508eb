import { copyFile, open, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

const LARGEST = 20 * 1024 * 1024;

/** The last lines that came after an offset, at most 16 KiB, long ones cut: bundles have few and long source lines. */
export async function tailLog(path: string, from = 0): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - 16_384);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - start)), 0, undefined, start);
    const lines = buffer.toString('utf8', 0, bytesRead).trim().split('\n');
    return lines.map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line)).join('\n');
  } finally {
    await file.close();
  }
}

/**
 * Puts large logs aside as `<name>.1`. The file itself is emptied and stays, since processes hold it open; they append,
 * so their next line starts the file again.
 */
export async function rotateLogs(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.endsWith('.log') || (await stat(path)).size <= LARGEST) continue;
    await copyFile(path, `${path}.1`);
    await truncate(path);
  }
}
