import { open } from 'node:fs/promises';

/** The last lines that came after an offset, at most 16 KiB, long ones cut: bundles have few and long source lines. */
export async function tailLog(path: string, from = 0): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    // One that is shorter by now was rotated since.
    const start = Math.max(from > size ? 0 : from, size - 16_384);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - start)), 0, undefined, start);
    const lines = buffer.toString('utf8', 0, bytesRead).trim().split('\n');
    return lines.map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line)).join('\n');
  } finally {
    await file.close();
  }
}
