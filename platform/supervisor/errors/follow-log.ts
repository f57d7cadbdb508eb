import { type FileHandle, lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { openPlain } from '../../services/plain-file.ts';

/** How far a log has been read. */
export const positionSchema = z.object({ inode: z.number(), offset: z.number() });
export type LogPosition = z.output<typeof positionSchema>;

const CHUNK_BYTES = 256 * 1024;

/**
 * The whole lines that were appended to a log since a position, in pieces of at most 256 KiB; the position moves with what was taken. A
 * log that was put aside in the meantime, by a new name or by a copy, is read to its end first. A line that is longer is left out.
 */
export async function* readNew(path: string, position: LogPosition): AsyncGenerator<Buffer> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (found.ino !== position.inode) {
    const aside = position.inode === 0 ? undefined : await findAside(path, ({ ino }) => ino === position.inode);
    if (aside) yield* readFrom(aside, position);
    Object.assign(position, { inode: found.ino, offset: 0 });
  } else if (found.size < position.offset) {
    // Emptied after a copy was made, which begins with what was read already.
    const aside = await findAside(path, ({ ino, size }) => ino !== found.ino && size >= position.offset);
    if (aside) yield* readFrom(aside, position);
    position.offset = 0;
  }
  yield* readFrom(path, position);
}

/** The newest file in a log's folder that is named after it and fits. */
async function findAside(
  path: string,
  fits: (file: { ino: number; size: number }) => boolean,
): Promise<string | undefined> {
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.startsWith(basename(path)) && !name.endsWith('.gz'));
  const files = await Promise.all(
    names.map(async (name) => {
      const place = join(folder, name);
      const found = await lstat(place).catch(() => undefined);
      return found && fits(found) ? [{ place, at: found.mtimeMs }] : [];
    }),
  );
  return files.flat().sort((a, b) => b.at - a.at)[0]?.place;
}

async function* readFrom(path: string, position: LogPosition): AsyncGenerator<Buffer> {
  const file = await openPlain(path);
  try {
    for (;;) {
      const chunk = await readChunk(file, position.offset);
      const end = chunk.lastIndexOf(0x0a) + 1;
      if (end === 0 && chunk.length < CHUNK_BYTES) return;
      position.offset += end || chunk.length;
      if (end > 0) yield chunk.subarray(0, end);
    }
  } finally {
    await file.close();
  }
}

async function readChunk(file: FileHandle, offset: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, offset);
  return buffer.subarray(0, bytesRead);
}
