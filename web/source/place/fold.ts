/**
 * A text reduced to what two readers of the same page agree on: letters without case and accents, figures and punctuation.
 * White space, dashes, soft hyphens, accents and invisible characters are dropped, ligatures are spelled out. So are bars, which
 * stored texts have between the cells of a table.
 */
export interface Folded {
  text: string;
  /** For each UTF-16 unit of `text`, where the character that it comes from starts and ends in the source. */
  starts: Uint32Array;
  ends: Uint32Array;
}

/** A half-open range of UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

const dropped = /[\p{M}\p{Pd}\p{Z}\p{C}\u2212|]/gu;
/** Every source character has at most so many units once it is spelled out: U+FDFA has 18. */
const LONGEST_SPELLING = 18;

const spellings = new Map<string, string>();

function spell(character: string): string {
  let spelling = spellings.get(character);
  if (spelling === undefined) {
    spelling = character.normalize('NFKD').toLowerCase().normalize('NFKD').replaceAll(dropped, '');
    spellings.set(character, spelling);
  }
  return spelling;
}

export function fold(source: string): Folded {
  let starts = new Uint32Array(source.length + LONGEST_SPELLING);
  let ends = new Uint32Array(starts.length);
  const parts: string[] = [];
  let length = 0;
  let at = 0;
  for (const character of source) {
    const spelling = spell(character);
    if (length + spelling.length > starts.length) {
      starts = grown(starts);
      ends = grown(ends);
    }
    for (let unit = 0; unit < spelling.length; unit += 1) {
      starts[length] = at;
      ends[length] = at + character.length;
      length += 1;
    }
    parts.push(spelling);
    at += character.length;
  }
  return { text: parts.join(''), starts: starts.subarray(0, length), ends: ends.subarray(0, length) };
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** The span of the folded text that comes from a span of the source; empty where all of it is dropped. */
export function foldSpan({ starts, ends }: Folded, { start, end }: Span): Span {
  const first = lowerBound(ends, start + 1);
  return { start: first, end: Math.max(first, lowerBound(starts, end)) };
}

/** The span of the source that a non-empty span of the folded text comes from. */
export function unfoldSpan({ starts, ends }: Folded, { start, end }: Span): Span {
  return { start: starts[start] ?? 0, end: ends[end - 1] ?? 0 };
}

/** Index of the first value that is at least `least`, in an ascending array. */
function lowerBound(values: Uint32Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
