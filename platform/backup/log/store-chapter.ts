import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../repository/restic.ts';
import { listPieces } from './cut-pieces.ts';
import { chapterTags } from './list-log.ts';
import type { LogLimits } from './log-limits.ts';
import type { LogRecord } from './log-record.ts';

/** Pieces of the chapter that is being filled. */
export const piecesFolder = (folder: string, { chapter }: Pick<LogRecord, 'chapter'>): string =>
  join(folder, 'pieces', String(chapter.number));

/** Stores the chapter as it is by now. @param until all that was committed by then is in the pieces */
export async function storeChapter(
  repository: Repository,
  {
    home,
    folder,
    record,
    to,
    until,
    signal,
  }: {
    home: string;
    folder: string;
    record: LogRecord;
    to: number;
    until: Date;
    signal: AbortSignal;
  },
): Promise<void> {
  const { stream, timeline, chapter } = record;
  const tags = chapterTags({ stream, timeline, number: chapter.number, from: chapter.from ?? to, to, until });
  const pieces = piecesFolder(folder, record);
  await mkdir(pieces, { recursive: true, mode: 0o700 });
  // restic stores no empty folder, which that of a new chapter is while nothing is committed.
  if ((await readdir(pieces)).length === 0) await writeFile(join(pieces, 'empty'), '');
  await repository.store(pieces, { home, tags, signal });
}

/** Whether a chapter that is stored is old or large enough to be left at that. */
export async function isChapterFull(
  folder: string,
  record: LogRecord,
  limits: Pick<LogLimits, 'chapterMs' | 'chapterBytes'>,
  now: Date,
): Promise<boolean> {
  const age = Math.abs(now.getTime() - new Date(record.chapter.beganAt).getTime());
  const bytes = await pieceBytes(piecesFolder(folder, record));
  return bytes > 0 && (age > limits.chapterMs || bytes > limits.chapterBytes);
}

const pieceBytes = async (folder: string): Promise<number> =>
  (await listPieces(folder)).reduce((sum, { bytes }) => sum + bytes, 0);

/** Bytes of pieces that the target does not have, for whichever reason: none was asked yet, or it does not answer. */
export async function waitingBytes(
  folder: string,
  { chapter, stored = 0 }: Pick<LogRecord, 'chapter' | 'stored'>,
): Promise<number> {
  const pieces = await listPieces(piecesFolder(folder, { chapter }));
  return pieces
    .filter(({ start, offset, bytes }) => start + offset + bytes > stored)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Removes the pieces of chapters that are closed. */
export async function removeClosed(folder: string, { chapter }: Pick<LogRecord, 'chapter'>): Promise<void> {
  for (const name of await readdir(join(folder, 'pieces'))) {
    if (name !== String(chapter.number)) await rm(join(folder, 'pieces', name), { recursive: true, force: true });
  }
}
