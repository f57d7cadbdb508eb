/** A stretch of an answer up to and including one marker; the last stretch has no numbers. */
export interface MarkedText {
  /** Text in front of the marker, since the marker before it. */
  before: string;
  /** What the marker stands for: that text, or for a marker right behind another one the same as for that. */
  statement: string;
  /** Passages that the marker names, each once. */
  numbers: number[];
}

const one = String.raw`\d{1,6}(?:\s{0,3}[-–]\s{0,3}\d{1,6})?`;
const marker = new RegExp(String.raw`\[\s{0,3}(${one}(?:\s{0,3}[,;]\s{0,3}${one}){0,30})\s{0,3}\]`, 'g');
/** A range names at most this many passages. */
const longestRange = 20;

/** Splits an answer at its markers: `[1]`, `[1][3]`, `[1, 3]`, `[1-3]`. The pieces hold all of its text in order. */
export function* readMarkers(answer: string): Generator<MarkedText> {
  let from = 0;
  let statement = '';
  for (const match of answer.matchAll(marker)) {
    const before = answer.slice(from, match.index);
    if (/[\p{L}\p{N}]/u.test(before)) statement = before;
    yield { before, statement, numbers: [...new Set(numbersIn(match[1] ?? ''))] };
    from = match.index + match[0].length;
  }
  yield { before: answer.slice(from), statement: '', numbers: [] };
}

function numbersIn(list: string): number[] {
  return list.split(/[,;]/).flatMap((item) => {
    const [first = Number.NaN, last = first] = item.split(/[-–]/).map(Number);
    const count = last - first + 1;
    if (count < 1 || count > longestRange) return [first, last];
    return Array.from({ length: count }, (_, step) => first + step);
  });
}
