import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSegmentName, SEGMENT_BYTES, segmentName } from './position.ts';

/**
 * `pg_receivewal` fills a file of the log up from its start; what is not received yet is zero. A piece is a part of such a file,
 * `<file>.<offset>`, from where the one before it ended to the last byte that is not zero: put together on a ground of zeros they
 * are the file again.
 */

interface Cut {
  /** What `pg_receivewal` writes into. */
  received: string;
  /** Where pieces are put. */
  pieces: string;
  timeline: number;
  /** Where the first piece begins; undefined for the first file that was received. */
  from: number | undefined;
}

export interface Taken {
  from: number;
  /** The end of the last piece. */
  to: number;
}

/** The log has a hole: a file was removed before it was taken. */
export class LogGap extends Error {}

const PARTIAL = '.partial';

/**
 * Takes what is new, and removes files that are taken as a whole.
 * @returns undefined while nothing was received
 * @throws LogGap
 */
export async function cutPieces({ received, pieces, timeline, from }: Cut): Promise<Taken | undefined> {
  await mkdir(pieces, { recursive: true, mode: 0o700 });
  const files = await receivedFiles(received, timeline);
  const taken = await listPieces(pieces);
  // Pieces first: their files are removed, and one that was killed before it noted the beginning has left them.
  const begin = from ?? taken[0]?.start ?? files[0]?.start;
  if (begin === undefined) return undefined;
  let to = Math.max(begin, ...taken.map(({ start, offset, bytes }) => start + offset + bytes));
  if (files[0] && files[0].start > to) {
    throw new LogGap(`Take log of "${received}": "${segmentName(timeline, to)}" is missing`);
  }
  // Each file but the last was whole when the folder was read.
  for (const { start, name } of files) {
    if (start + SEGMENT_BYTES <= to) continue;
    const offset = Math.max(to - start, 0);
    const bytes = await readFilled(join(received, name), offset);
    if (bytes.length === 0) continue;
    await writePiece(join(pieces, pieceName(timeline, start, offset)), bytes);
    to = start + offset + bytes.length;
  }
  // The newest one tells `pg_receivewal` where to go on.
  const done = files.slice(0, -1).filter(({ start }) => start + SEGMENT_BYTES <= to);
  for (const { name } of done) await rm(join(received, name), { force: true });
  return { from: begin, to };
}

async function receivedFiles(folder: string, timeline: number): Promise<{ start: number; name: string }[]> {
  return (await readdir(folder))
    .flatMap((name) => {
      const segment = parseSegmentName(name.replace(PARTIAL, ''));
      return segment?.timeline === timeline ? [{ start: segment.start, name }] : [];
    })
    .toSorted((a, b) => a.start - b.start);
}

/** From an offset to the last byte that is not zero. The end is found first: all before it was written by then. */
async function readFilled(path: string, offset: number): Promise<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || !path.endsWith(PARTIAL)) throw error;
    // It was completed since the folder was read.
    return open(path.slice(0, -PARTIAL.length));
  });
  try {
    const buffer = Buffer.alloc(SEGMENT_BYTES - offset);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
    const length = filledLength(buffer.subarray(0, bytesRead));
    await file.read(buffer, 0, length, offset);
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

const BLOCK = Buffer.alloc(8192);

function filledLength(buffer: Buffer): number {
  let end = buffer.length;
  while (end >= BLOCK.length && buffer.subarray(end - BLOCK.length, end).equals(BLOCK)) end -= BLOCK.length;
  while (end > 0 && buffer[end - 1] === 0) end--;
  return end;
}

async function writePiece(path: string, bytes: Buffer): Promise<void> {
  const draft = `${path}.next`;
  await writeFile(draft, bytes, { mode: 0o600, flush: true });
  await rename(draft, path);
}

const pieceName = (timeline: number, start: number, offset: number): string =>
  `${segmentName(timeline, start)}.${offset.toString(16).toUpperCase().padStart(8, '0')}`;

/** Undefined for what is no piece. */
export function parsePieceName(name: string): { segment: string; start: number; offset: number } | undefined {
  const [, segment = '', offset = ''] = /^([0-9A-F]{24})\.([0-9A-F]{8})$/.exec(name) ?? [];
  const parsed = parseSegmentName(segment);
  return parsed && { segment, start: parsed.start, offset: Number.parseInt(offset, 16) };
}

export interface Piece {
  path: string;
  segment: string;
  start: number;
  offset: number;
  bytes: number;
}

/** In order of their positions; none where there is no such folder. */
export async function listPieces(folder: string): Promise<Piece[]> {
  const found: Piece[] = [];
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const parsed = parsePieceName(name);
    if (!parsed) continue;
    const path = join(folder, name);
    found.push({ path, ...parsed, bytes: (await stat(path)).size });
  }
  return found.toSorted((a, b) => a.start + a.offset - (b.start + b.offset));
}
