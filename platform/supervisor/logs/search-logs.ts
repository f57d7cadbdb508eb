import { join } from 'node:path';
import { lineTime } from './line-time.ts';
import { BEGINNING, type LogPlace, LostPlace } from './log-place.ts';
import { lastLineEnd, readBackwards } from './read-backwards.ts';
import { isMeant, type LineFilter, mayBeMeant, readLine, type ShownLine } from './shown-line.ts';

/** Where each log is to be read on, or that nothing is left in it. */
export type Places = ReadonlyMap<string, LogPlace | 'over'>;

export interface FoundLines {
  /** Oldest first. */
  lines: ShownLine[];
  /** Where the search is to be continued towards the past; undefined when nothing older is left. */
  next: Places | undefined;
  /** Where the logs ended: what is followed from there on comes behind these lines. Of a search that was continued, undefined. */
  end: Places | undefined;
}

export interface LogSearch {
  folder: string;
  /** Of logs, without `.log`. */
  names: readonly string[];
  filter: LineFilter;
  limit: number;
  /** Of an earlier search. */
  from?: Places | undefined;
  signal?: AbortSignal;
  /** Bytes after which what was found is returned. */
  budgetBytes?: number;
}

const BUDGET_BYTES = 32 * 1024 ** 2;

/** The newest lines that are meant, of all logs by their times. A search that would take too long ends earlier, and can be continued. */
export async function searchLogs(search: LogSearch): Promise<FoundLines> {
  const { names, from, limit, signal, budgetBytes = BUDGET_BYTES } = search;
  const spent = { bytes: 0 };
  const isSpent = () => spent.bytes >= budgetBytes || signal?.aborted === true;
  const opened = await Promise.all(names.map((name) => openReader(name, search, spent, isSpent)));
  const readers = opened.filter((reader) => reader !== undefined);
  await Promise.all(readers.map((reader) => reader.advance()));
  const lines: ShownLine[] = [];
  while (lines.length < limit) {
    // One that stopped may hold newer lines than the others have found.
    if (readers.some(({ state }) => state === 'stopped')) break;
    const [latest] = readers.filter(({ head }) => head).toSorted((a, b) => timeOf(b) - timeOf(a));
    if (!latest?.head) break;
    lines.push(latest.head.line);
    await latest.advance();
  }
  const places = (of: (reader: Reader) => LogPlace | 'over', missing: LogPlace | 'over') =>
    new Map(names.map((name) => [name, ofReader(readers, name, of) ?? missing] as const));
  const isOver = readers.every(({ state }) => state === 'over');
  return {
    lines: lines.toReversed(),
    next: isOver ? undefined : places(({ state, place }) => (state === 'over' ? 'over' : place), 'over'),
    end: from ? undefined : places(({ start }) => start, BEGINNING),
  };
}

const ofReader = (readers: readonly Reader[], name: string, of: (reader: Reader) => LogPlace | 'over') => {
  const reader = readers.find((each) => each.name === name);
  return reader && of(reader);
};

/** Finds the lines of one log that are meant, the newest first. */
interface Reader {
  readonly name: string;
  readonly start: LogPlace;
  /** `found`: it has a head; `stopped`: it gave up before it found one; `over`: there is none. */
  state: 'found' | 'stopped' | 'over';
  head: { line: ShownLine; place: LogPlace } | undefined;
  /** All behind it was given out or is not meant. */
  place: LogPlace;
  advance(): Promise<void>;
}

const timeOf = ({ head }: Reader): number => (head ? Date.parse(head.line.at) : 0);

async function openReader(
  name: string,
  { folder, filter, from }: LogSearch,
  spent: { bytes: number },
  isSpent: () => boolean,
): Promise<Reader | undefined> {
  const log = join(folder, `${name}.log`);
  const start = from ? from.get(name) : await lastLineEnd(log).catch(() => undefined);
  if (start === undefined || start === 'over') return undefined;
  const onRead = (bytes: number) => {
    spent.bytes += bytes;
  };
  const backwards = readBackwards(log, start, { until: filter.until, onRead });
  let time = Date.now();
  const next = async () => {
    try {
      return await backwards.next();
    } catch (error) {
      // What a page from before leads to may have been removed since.
      if (error instanceof LostPlace || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  const reader: Reader = {
    ...{ name, start, state: 'stopped', head: undefined, place: start },
    async advance() {
      if (reader.head) reader.place = reader.head.place;
      reader.head = undefined;
      reader.state = 'stopped';
      while (!isSpent()) {
        const { value } = (await next()) ?? {};
        time = value ? (lineTime(value.text) ?? time) : 0;
        if (!value || (filter.since !== undefined && time < filter.since)) {
          reader.state = 'over';
          return;
        }
        const line = mayBeMeant(value.text, filter) ? readLine(value.text, name, time) : undefined;
        if (line && isMeant(line, filter)) {
          reader.head = { line, place: value.place };
          reader.state = 'found';
          return;
        }
        reader.place = value.place;
      }
    },
  };
  return reader;
}
