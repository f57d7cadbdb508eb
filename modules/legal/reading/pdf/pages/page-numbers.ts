/**
 * Printed page numbers are no part of a document's text: left in, they stand in the middle of sentences that go over a
 * page, and in the quotes made of them. A line counts as one only if it is the first or last of its page, says nothing
 * but a number, and the numbers grow with the pages on most of them: a clause number or a year does not.
 */
const numberLine = /^[-–—\s]*(?:page|стр(?:аница|\.)?)?[-–—\s]*(\d{1,5})(?:\s*(?:of|из|\/)\s*\d{1,5})?[-–—.\s]*$/iu;

/** Of longer lines the expression would try every way to divide what stands around a number. */
const longestNumberLine = 60;

const LEAST_SHARE = 0.6;
const LEAST_PAGES = 2;

/** The pages without their printed numbers; unchanged when there are none to be sure of. */
export function removePageNumbers(pages: readonly string[]): string[] {
  return (['first', 'last'] as const).reduce<string[]>((rest, place) => removeAt(rest, place), [...pages]);
}

function removeAt(pages: string[], place: 'first' | 'last'): string[] {
  const found = pages.map((page) => edgeLine(page, place));
  const offsets = new Map<number, number>();
  for (const [index, line] of found.entries()) {
    const number = numberIn(line);
    if (number !== undefined) offsets.set(Number(number) - index, (offsets.get(Number(number) - index) ?? 0) + 1);
  }
  const [offset, count] = [...offsets].toSorted((a, b) => b[1] - a[1])[0] ?? [0, 0];
  const filled = found.filter((line) => line !== undefined).length;
  // The first page often carries no number.
  if (count < LEAST_PAGES || count < (filled - 1) * LEAST_SHARE) return pages;
  return pages.map((page, index) => {
    const line = found[index];
    const number = numberIn(line);
    if (!line || Number(number) - index !== offset) return page;
    return page.slice(0, line.start) + page.slice(line.end);
  });
}

const numberIn = (line: EdgeLine | undefined): string | undefined =>
  line === undefined || line.text.length > longestNumberLine ? undefined : numberLine.exec(line.text)?.[1];

export interface EdgeLine {
  text: string;
  start: number;
  end: number;
}

/** The first or last line of a page that is not blank. */
export function edgeLine(page: string, place: 'first' | 'last'): EdgeLine | undefined {
  const trimmed = place === 'first' ? page.trimStart() : page.trimEnd();
  if (trimmed === '') return undefined;
  if (place === 'last') {
    const start = trimmed.lastIndexOf('\n') + 1;
    return { text: trimmed.slice(start), start, end: trimmed.length };
  }
  const start = page.length - trimmed.length;
  const length = trimmed.indexOf('\n');
  const end = length < 0 ? page.length : start + length;
  return { text: page.slice(start, end), start, end };
}
