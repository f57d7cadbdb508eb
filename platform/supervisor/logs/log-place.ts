import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { contentSize, type LogPart, markPath, readPart, separateRepeated } from './log-parts.ts';

/**
 * A place in everything that was ever written to a log, which stays the same when the log is rotated: so many bytes behind the part that
 * ended at this time, in milliseconds since 1970; 0 for what was written before the first part ended.
 */
export interface LogPlace {
  part: number;
  at: number;
}

/** Before everything that a log will ever hold: of one that is not there yet. */
export const BEGINNING: LogPlace = { part: 0, at: 0 };

/** Where a place is now. */
export interface Found {
  /** The part that holds it; undefined for the file itself. */
  part: LogPart | undefined;
  /** In that part, or in the file. */
  offset: number;
  /** When the part before it ended; 0 without one. */
  before: number;
}

/** A log as it is at one moment. */
export interface Shape {
  /** Oldest first. */
  parts: LogPart[];
  /** Of the file itself. */
  size: number;
}

/** What was written behind a place is no longer kept as a whole. */
export class LostPlace extends Error {}

/** A rotation moves content from the file to a part, which takes a moment. */
const ATTEMPTS = 40;
const MOMENT_MS = 25;

/** Reads a log while no rotation moves its content; begins again when one did. @throws with code ENOENT when there is no such log */
export async function whileStill<T>(log: string, work: (shape: Shape) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const before = await shapeOf(log);
    const result = await work(before);
    const isMoving = existsSync(markPath(log)) && attempt < ATTEMPTS;
    const after = await shapeOf(log);
    if (!isMoving && after.size >= before.size && namesOf(after) === namesOf(before)) return result;
    await sleep(MOMENT_MS);
  }
}

async function shapeOf(log: string): Promise<Shape> {
  const { parts } = await separateRepeated(log);
  return { parts, size: (await stat(log)).size };
}

const namesOf = ({ parts }: Shape): string => parts.map(({ path }) => path).join('\n');
export const endOf = ({ endedAt }: LogPart): number => endedAt.getTime();

/** Behind everything that was written so far. */
export const lastPlace = ({ parts, size }: Shape): LogPlace => ({ part: endOfLast(parts), at: size });

const endOfLast = (parts: readonly LogPart[]): number => parts.at(-1)?.endedAt.getTime() ?? 0;

/** Finds a place. @throws LostPlace when a part behind it was removed, or the place lies behind the end */
export async function findPlace({ parts, size }: Shape, { part, at }: LogPlace): Promise<Found> {
  const isKnown = part === 0 || parts.some((each) => endOf(each) === part);
  const later = parts.filter((each) => endOf(each) > part);
  // Without its own part, those between it and the next one may have been removed as well.
  if (!isKnown && later.length > 0) throw new LostPlace('Find place in log: what follows it is no longer kept');
  let offset = at;
  let before = part;
  for (const each of later) {
    const bytes = await contentSize(each);
    if (offset < bytes) return { part: each, offset, before };
    offset -= bytes;
    before = endOf(each);
  }
  if (offset > size) throw new LostPlace('Find place in log: it lies behind the end');
  return { part: undefined, offset, before };
}

/** Bytes of the file from `start` on, at most so many. */
export async function readFilePart(log: string, start: number, bytes: number): Promise<Buffer> {
  const file = await open(log, 'r');
  try {
    const { buffer: read, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, start);
    return read.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export const readWholePart = (part: LogPart): Promise<Buffer> => buffer(readPart(part));

/** Places of several logs, short enough for a header. */
export function writePlaces(places: ReadonlyMap<string, LogPlace | 'over'>): string {
  const written = [...places].map(([name, place]) =>
    place === 'over' ? [name] : [name, place.part.toString(36), place.at.toString(36)],
  );
  return Buffer.from(written.map((each) => each.join('.')).join(' ')).toString('base64url');
}

/** @returns undefined for a text that holds no places */
export function readPlaces(text: string): Map<string, LogPlace | 'over'> | undefined {
  const places = new Map<string, LogPlace | 'over'>();
  for (const written of Buffer.from(text, 'base64url').toString('latin1').split(' ')) {
    const [, name, part, at] = /^([\w-]+)(?:\.([0-9a-z]{1,11})\.([0-9a-z]{1,11}))?$/.exec(written) ?? [];
    if (name === undefined) return undefined;
    places.set(name, part && at ? { part: Number.parseInt(part, 36), at: Number.parseInt(at, 36) } : 'over');
  }
  return places;
}
