import { type FileHandle, lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { openPlain } from '../../services/plain-file.ts';
import { contentSize, listParts, readPart, separateRepeated } from '../logs/log-parts.ts';

/** How far a log has been read: a name of a part, and bytes behind its end; before it where the number is negative. */
export const positionSchema = z.object({ part: z.string(), offset: z.number() });
export type LogPosition = z.output<typeof positionSchema>;

const CHUNK_BYTES = 256 * 1024;

/** Where the file itself begins, without its older parts. */
export const startOfLog = async (log: string): Promise<LogPosition> => ({
  part: basename((await listParts(log)).at(-1)?.path ?? ''),
  offset: 0,
});

/**
 * The whole lines that were appended to a log since a position, in pieces of about 256 KiB; the position moves with what was taken,
 * through parts that were rotated away in the meantime. Of a line that is longer, only its end is given.
 */
export async function* readNew(log: string, position: LogPosition): AsyncGenerator<Buffer> {
  const found = await lstat(log).catch(() => undefined);
  // A rotation leaves less than was there before.
  if (!found || found.size === position.offset) return;
  let rest = Buffer.alloc(0);
  for await (const chunk of bytesSince(log, position)) {
    const read = Buffer.concat([rest, chunk]);
    const end = read.lastIndexOf(0x0a) + 1;
    position.offset += end;
    if (end > 0) yield read.subarray(0, end);
    rest = read.subarray(end);
    if (rest.length < CHUNK_BYTES) continue;
    position.offset += rest.length;
    rest = Buffer.alloc(0);
  }
}

async function* bytesSince(log: string, position: LogPosition): AsyncGenerator<Buffer> {
  const { parts, repeated } = await separateRepeated(log);
  // In the middle of a rotation; it is over soon.
  if (repeated.length > 0) return;
  // Names are in the order of time, so that what follows a part is found when that one was removed by its age.
  const wanted = parts.filter(
    (part) => nameOf(part) > position.part || (nameOf(part) === position.part && position.offset < 0),
  );
  const [first] = wanted;
  const newest = wanted.at(-1);
  let skipped = 0;
  if (first && newest) {
    const sizes = await Promise.all(wanted.map(contentSize));
    skipped = Math.max(0, position.offset + (nameOf(first) === position.part ? (sizes[0] ?? 0) : 0));
    Object.assign(position, { part: nameOf(newest), offset: skipped - sizes.reduce((sum, size) => sum + size, 0) });
  }
  const start = Math.max(0, position.offset);
  for (const part of wanted) {
    for await (const chunk of readPart(part)) {
      const taken = Math.min(skipped, chunk.length);
      skipped -= taken;
      yield chunk.subarray(taken);
    }
  }
  yield* bytesOfFile(log, { start, names: namesOf(parts) }, position);
}

/** Ends when a rotation begins, which moves what the file holds: what is left is read from its part later. */
async function* bytesOfFile(
  log: string,
  { start, names }: { start: number; names: string },
  position: LogPosition,
): AsyncGenerator<Buffer> {
  const file = await openPlain(log);
  try {
    let at = start;
    // Not the file that it was.
    if ((await file.stat()).size < at) [at, position.offset] = [0, 0];
    for (;;) {
      const chunk = await readChunk(file, at);
      // A part has its name before the file is changed.
      if (chunk.length === 0 || namesOf(await listParts(log)) !== names) return;
      at += chunk.length;
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

const nameOf = ({ path }: { path: string }): string => basename(path);
const namesOf = (parts: readonly { path: string }[]): string => parts.map(nameOf).join('\n');

async function readChunk(file: FileHandle, offset: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, offset);
  return buffer.subarray(0, bytesRead);
}
