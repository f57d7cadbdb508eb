import {
  endOf,
  findPlace,
  type LogPlace,
  lastPlace,
  readFilePart,
  readWholePart,
  type Shape,
  whileStill,
} from './log-place.ts';

/** A whole line and where it begins. */
export interface PlacedLine {
  text: string;
  place: LogPlace;
}

interface Options {
  /** Milliseconds since 1970: older parts that hold nothing from before then are not read. */
  until?: number | undefined;
  onRead(bytes: number): void;
}

const CHUNK_BYTES = 65_536;
const NEWLINE = 10;

/** The place behind the last whole line. @throws with code ENOENT when there is no such log */
export const lastLineEnd = (log: string): Promise<LogPlace> =>
  whileStill(log, async (shape) => {
    const { part, at } = lastPlace(shape);
    for (let end = at; end > 0; end -= CHUNK_BYTES) {
      const start = Math.max(0, end - CHUNK_BYTES);
      const newline = (await readFilePart(log, start, end - start)).lastIndexOf(NEWLINE);
      if (newline >= 0) return { part, at: start + newline + 1 };
    }
    return { part, at: 0 };
  });

/** The lines before a place at which one ends, the newest first. @throws LostPlace */
export async function* readBackwards(log: string, from: LogPlace, options: Options): AsyncGenerator<PlacedLine> {
  let place = from;
  let carried = Buffer.alloc(0);
  for (;;) {
    const at = place;
    const chunk = await whileStill(log, (shape) => chunkBefore(log, shape, at, options.until));
    if (!chunk) {
      if (carried.length > 0) yield { text: textOf(carried), place };
      return;
    }
    options.onRead(chunk.bytes.length);
    // What was skipped lies behind the time that is asked for, and so does what is left of its first line.
    const bytes: Buffer = chunk.isSkipped ? Buffer.alloc(0) : Buffer.concat([chunk.bytes, carried]);
    place = chunk.place;
    let end = bytes.length;
    for (;;) {
      const newline = end > 1 ? bytes.lastIndexOf(NEWLINE, end - 2) : -1;
      if (newline < 0) break;
      yield { text: textOf(bytes.subarray(newline + 1, end)), place: { part: place.part, at: place.at + newline + 1 } };
      end = newline + 1;
    }
    carried = Buffer.from(bytes.subarray(0, end));
  }
}

interface Chunk {
  bytes: Buffer;
  /** Where it begins. */
  place: LogPlace;
  isSkipped: boolean;
}

/** Undefined at the beginning of the log. */
async function chunkBefore(
  log: string,
  shape: Shape,
  place: LogPlace,
  until: number | undefined,
): Promise<Chunk | undefined> {
  const { part, offset, before } = await findPlace(shape, place);
  if (part && offset > 0) {
    const bytes = (await readWholePart(part)).subarray(0, offset);
    return { bytes, place: { part: before, at: 0 }, isSkipped: false };
  }
  if (offset > 0) {
    const start = Math.max(0, offset - CHUNK_BYTES);
    const bytes = await readFilePart(log, start, offset - start);
    return { bytes, place: { part: before, at: start }, isSkipped: false };
  }
  const index = shape.parts.findLastIndex((each) => endOf(each) <= before);
  const earlier = shape.parts[index];
  if (!earlier) return undefined;
  const previous = shape.parts[index - 1];
  const start = { part: previous ? endOf(previous) : 0, at: 0 };
  const isSkipped = until !== undefined && start.part > until;
  return { bytes: isSkipped ? Buffer.alloc(0) : await readWholePart(earlier), place: start, isSkipped };
}

const textOf = (bytes: Buffer): string => bytes.toString('utf8').trimEnd();
