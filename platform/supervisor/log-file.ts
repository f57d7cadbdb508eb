import { open, rename, stat } from 'node:fs/promises';

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

/** Puts a large log aside before a new process opens it; processes that still write keep the old file. */
export async function rotateLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LARGEST) await rename(path, `${path}.1`);
}
