import type { Schemas } from '@pandect/client';

type Line = Schemas['ConsoleLogLine'];

/** A line of the log, or the place of lines that are no longer kept. */
export type ShownLine = { key: number; line: Line } | { key: number; line: undefined };

/** Lines on the page, oldest first. It never holds more than so many: a log that is followed for hours takes no more memory than one of minutes. */
export interface LogRing {
  lines: readonly ShownLine[];
  /** Key of the next line at the end, and of the next one at the beginning. */
  next: number;
  first: number;
  /** Whether lines were dropped at the beginning. */
  isCut: boolean;
}

export const MOST_LINES = 5_000;

export const emptyRing: LogRing = { lines: [], next: 0, first: -1, isCut: false };

/** Adds what came. @param isGap lines between are no longer kept by the server */
export function append(ring: LogRing, lines: readonly Line[], isGap = false, most = MOST_LINES): LogRing {
  if (lines.length === 0 && !isGap) return ring;
  const added: (Line | undefined)[] = isGap ? [undefined, ...lines] : [...lines];
  const all = [...ring.lines, ...added.map((line, index) => ({ key: ring.next + index, line }) as ShownLine)];
  return {
    ...ring,
    lines: all.slice(-most),
    next: ring.next + added.length,
    isCut: ring.isCut || all.length > most,
  };
}

/** Adds older lines at the beginning, as far as there is room. */
export function prepend(ring: LogRing, lines: readonly Line[], most = MOST_LINES): LogRing {
  const room = Math.max(0, most - ring.lines.length);
  const kept = lines.slice(Math.max(0, lines.length - room));
  const added = kept.map((line, index) => ({ key: ring.first - kept.length + 1 + index, line }));
  return {
    ...ring,
    lines: [...added, ...ring.lines],
    first: ring.first - kept.length,
    isCut: ring.isCut || kept.length < lines.length,
  };
}
