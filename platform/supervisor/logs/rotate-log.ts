import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { completeRotation, draftPath, listParts, markPath, partPath } from './log-parts.ts';

/**
 * Takes what a log holds from its front and keeps it as a compressed part. Processes hold the file open for as long as they live and append
 * to it, so that neither its name nor its end may change: the file system removes whole blocks from the front (`FALLOC_FL_COLLAPSE_RANGE`
 * of ext4 and XFS), and a line that is written at that moment is appended behind what is left. The last block stays. Other file systems
 * can only empty the file; there, what is written between the last look and that is lost.
 */
export async function rotateLog(log: string, now = new Date()): Promise<void> {
  await completeRotation(log);
  const newest = (await listParts(log)).at(-1);
  // Parts are read in the order of their names, also after the clock went back.
  const endedAt = new Date(Math.max(now.getTime(), (newest?.endedAt.getTime() ?? 0) + 1));
  const { size } = await stat(log);
  const { bsize } = await statfs(log);
  // A range that reaches the end is refused.
  const bytes = Math.floor((size - 1) / bsize) * bsize;
  if (bytes <= 0) return;
  const first = partPath(log, endedAt);
  try {
    await store(log, 0, bytes);
    await writeFile(markPath(log), basename(first), { mode: 0o600 });
    await rename(draftPath(log), first);
  } catch (error) {
    await completeRotation(log);
    throw error;
  }
  if (!(await collapse(log, bytes))) {
    const later = (await stat(log)).size;
    await store(log, bytes, later);
    await rename(draftPath(log), partPath(log, new Date(endedAt.getTime() + 1)));
    await truncate(log);
  }
  await rm(markPath(log));
}

/** Compresses the bytes from `start` to before `end` into the draft, which is on the disk before the log loses them. */
const store = (log: string, start: number, end: number): Promise<void> =>
  pipeline(
    createReadStream(log, { start, end: end - 1 }),
    createGzip(),
    createWriteStream(draftPath(log), { mode: 0o600, flush: true }),
  );

/** @returns false where the file system cannot, or the program is missing */
const collapse = (log: string, bytes: number): Promise<boolean> =>
  promisify(execFile)('fallocate', ['--collapse-range', '--offset', '0', '--length', String(bytes), log], {
    timeout: 60_000,
  }).then(
    () => true,
    () => false,
  );
