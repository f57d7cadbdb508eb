import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Pages a second; not a number when there is no such program. */
export async function pageRate(pages: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  try {
    await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.NaN;
    throw error;
  }
  return pages / ((performance.now() - began) / 1000);
}

export const pdftotext = (path: string): Promise<unknown> =>
  promisify(execFile)('pdftotext', [path, '-'], { timeout: 600_000, maxBuffer: 2 ** 28 });
