import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/*
 * Files in folders of unprivileged processes, which the supervisor reads as root: the owner of the folder may put a link, a pipe or
 * a device in a file's place.
 */

/**
 * Opens a regular file for reading, and never waits for it.
 * @throws when it is missing, a link or anything else but a regular file
 */
export async function openPlain(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error(`Read "${path}": not a regular file`);
}

/**
 * The text of a regular file.
 * @throws as `openPlain`, and when it holds more than `mostBytes`
 */
export async function readPlain(path: string, mostBytes: number): Promise<string> {
  const file = await openPlain(path);
  try {
    const buffer = Buffer.alloc(Math.min((await file.stat()).size, mostBytes) + 1);
    // It may grow while it is read.
    let filled = 0;
    for (let count = -1; count !== 0 && filled < buffer.length; filled += count) {
      count = (await file.read(buffer, filled, buffer.length - filled, filled)).bytesRead;
    }
    if (filled > mostBytes) throw new Error(`Read "${path}": more than ${mostBytes} bytes`);
    return buffer.toString('utf8', 0, filled);
  } finally {
    await file.close();
  }
}
