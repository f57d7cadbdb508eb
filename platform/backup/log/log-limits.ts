import { statfs } from 'node:fs/promises';

export interface LogLimits {
  /** Bytes that the server keeps for a receiver that does not come; then the log is lost, and the service stays up. */
  server: number;
  /** Bytes that wait on this host for a target that does not answer; the server keeps what follows. */
  waiting: number;
  /** A part is closed at this age or size, and another one begun. */
  chapterMs: number;
  chapterBytes: number;
  /** How long to wait for the receiver to have what is on the server's disk. */
  receiveMs: number;
  /** How long the target has for one part of the log, and for all new files. */
  storeMs: number;
  storeFilesMs: number;
  /** The target is told after so long that nothing was committed. */
  tellMs: number;
  /** Files are stored again after so long, when there are new ones; less often where that takes long. */
  filesMs: { shortest: number; longest: number };
}

const GIGABYTE = 1024 ** 3;

/** By the disk that the home is on. */
export async function logLimits(folder: string): Promise<LogLimits> {
  const { blocks, bsize } = await statfs(folder);
  const disk = blocks * bsize;
  const waiting = Math.min(disk / 50, GIGABYTE);
  return {
    server: Math.min(disk / 10, 8 * GIGABYTE),
    waiting,
    chapterMs: 3_600_000,
    chapterBytes: Math.min(128 * 1024 ** 2, waiting / 4),
    receiveMs: 10_000,
    storeMs: 600_000,
    storeFilesMs: 6 * 3_600_000,
    tellMs: 60_000,
    filesMs: { shortest: 20_000, longest: 300_000 },
  };
}
