import { statfs } from 'node:fs/promises';

export interface DiskRoom {
  freeBytes: number;
  totalBytes: number;
}

const GIB = 1024 ** 3;

/** Of the file system that a folder lies on. */
export async function diskRoom(folder: string): Promise<DiskRoom> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** Whether what can be done without has to go: less than a tenth is free and less than 20 GiB, or less than 2 GiB. */
export const isShort = ({ freeBytes, totalBytes }: DiskRoom): boolean =>
  freeBytes < 2 * GIB || (freeBytes < 20 * GIB && freeBytes < totalBytes / 10);
