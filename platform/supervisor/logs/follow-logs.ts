import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lineTime } from './line-time.ts';
import {
  BEGINNING,
  findPlace,
  type LogPlace,
  LostPlace,
  readFilePart,
  readWholePart,
  type Shape,
  whileStill,
} from './log-place.ts';
import { lastLineEnd } from './read-backwards.ts';
import type { Places } from './search-logs.ts';
import { isMeant, type LineFilter, mayBeMeant, readLine, type ShownLine } from './shown-line.ts';

/** Lines that came, and where each log is to be followed on behind them. */
export interface NewLines {
  lines: ShownLine[];
  places: ReadonlyMap<string, LogPlace>;
  /** Some of what came since the place is no longer kept. */
  isGap: boolean;
}

interface Follow {
  folder: string;
  /** Of logs, without `.log`, also of those that are not there yet; asked at each look, as units come. */
  names: () => Promise<readonly string[]>;
  filter: LineFilter;
  /** Where to begin; at the end of logs that it does not name. */
  from?: Places | undefined;
  signal: AbortSignal;
  lookMs?: number;
}

const LOOK_MS = 500;
/** Without a line that is meant, the places come so often: who comes back later need not look through all again. */
const ALIVE_MS = 5_000;
const CHUNK_BYTES = 262_144;
const NEWLINE = 10;

/** Lines as they come, nothing twice and nothing missing, over rotations. The next ones are read when those before were taken. */
export async function* followLogs({
  folder,
  names,
  filter,
  from,
  signal,
  lookMs = LOOK_MS,
}: Follow): AsyncGenerator<NewLines> {
  const places = new Map<string, LogPlace>();
  const logOf = (name: string) => join(folder, `${name}.log`);
  const known = await names();
  for (const name of known) {
    const place = from?.get(name);
    const start = place === undefined || place === 'over' ? await endOrNothing(logOf(name)) : place;
    places.set(name, start ?? BEGINNING);
  }
  let toldAt = 0;
  while (!signal.aborted) {
    const lines: ShownLine[] = [];
    let [isBehind, isGap] = [false, false];
    for (const name of await names()) {
      // One that came since has nothing that was seen.
      const place = places.get(name) ?? BEGINNING;
      const read = await readOn(logOf(name), place);
      if (!read) continue;
      places.set(name, read.place);
      isBehind ||= read.text.length > 0;
      isGap ||= read.isGap;
      lines.push(...linesOf(read.text, name, filter));
    }
    if (lines.length > 0 || isGap || Date.now() - toldAt >= ALIVE_MS) {
      toldAt = Date.now();
      yield { lines: lines.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)), places: new Map(places), isGap };
    }
    if (!isBehind) await sleep(lookMs, undefined, { signal, ref: false }).catch(() => {});
  }
}

const endOrNothing = (log: string): Promise<LogPlace | undefined> => lastLineEnd(log).catch(() => undefined);

function linesOf(text: string, name: string, filter: LineFilter): ShownLine[] {
  let time = Date.now();
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    time = lineTime(line) ?? time;
    if (!mayBeMeant(line, filter)) return [];
    const shown = readLine(line, name, time);
    return isMeant(shown, filter) ? [shown] : [];
  });
}

interface Read {
  /** Whole lines. */
  text: string;
  place: LogPlace;
  isGap: boolean;
}

/** Whole lines behind a place; undefined where there is no such log. */
async function readOn(log: string, place: LogPlace): Promise<Read | undefined> {
  try {
    return await whileStill(log, async (shape) => {
      const { part, offset, before } = await findPlace(shape, place);
      if (!part) {
        const bytes = await readFilePart(log, offset, Math.min(CHUNK_BYTES, shape.size - offset));
        const whole = bytes.lastIndexOf(NEWLINE) + 1;
        // A line without an end that fills all is taken as it is.
        const end = whole === 0 && bytes.length === CHUNK_BYTES ? bytes.length : whole;
        return { text: bytes.toString('utf8', 0, end), place: { part: before, at: offset + end }, isGap: false };
      }
      const rest = (await readWholePart(part)).subarray(offset);
      const whole = rest.lastIndexOf(NEWLINE) + 1;
      const last = rest.subarray(whole);
      // A line may begin in one part and end in the next, or in the file.
      const ended = last.length === 0 ? { text: '', bytes: 0 } : await restOfLine(log, shape, part.endedAt.getTime());
      return {
        text: rest.toString('utf8', 0, whole) + (ended ? last.toString('utf8') + ended.text : ''),
        place: ended ? { part: part.endedAt.getTime(), at: ended.bytes } : { part: before, at: offset + whole },
        isGap: false,
      };
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (!(error instanceof LostPlace)) throw error;
    const end = await endOrNothing(log);
    return end && { text: '', place: end, isGap: true };
  }
}

/** The end of a line that a part begins, in the next part or the file; undefined while it has none. */
async function restOfLine(
  log: string,
  shape: Shape,
  part: number,
): Promise<{ text: string; bytes: number } | undefined> {
  const found = await findPlace(shape, { part, at: 0 });
  const bytes = found.part ? await readWholePart(found.part) : await readFilePart(log, 0, CHUNK_BYTES);
  const newline = bytes.indexOf(NEWLINE);
  // A whole part without an end of a line is taken as one.
  if (newline < 0 && found.part) return { text: bytes.toString('utf8'), bytes: bytes.length };
  return newline < 0 ? undefined : { text: bytes.toString('utf8', 0, newline + 1), bytes: newline + 1 };
}
