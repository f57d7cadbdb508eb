import { findContents } from './contents.ts';
import { inlineMarks } from './inline-marks.ts';
import { marksOfLine } from './line-marks.ts';
import type { Mark } from './mark.ts';

/** A shorter line has no clause in its middle. */
const longLine = 150;

/**
 * The places where a legal unit may begin, in order: at one place all readings. Tables of contents are one mark each,
 * and nothing in them is another. One pass over the lines; the time is linear whatever the text.
 */
export function* findMarks(text: string): Generator<Mark[]> {
  const tables = findContents(text);
  let next = 0;
  for (let start = 0; start < text.length; ) {
    const lineBreak = text.indexOf('\n', start);
    const lineEnd = lineBreak === -1 ? text.length : lineBreak;
    const table = tables[next];
    // The part of the line before a table, if any.
    const end = table === undefined ? lineEnd : Math.min(lineEnd, table.start);
    let behind = start;
    if (end > start) {
      const marks = marksOfLine(text, start, end);
      if (marks.length > 0) yield marks;
      behind = Math.max(start, ...marks.map((mark) => mark.end));
      if (end - behind > longLine) for (const mark of inlineMarks(text, behind, end)) yield [mark];
    }
    if (table !== undefined && table.start <= lineEnd) {
      yield [table];
      next += 1;
      start = Math.max(start, table.end);
    } else start = Math.max(lineEnd, behind) + 1;
  }
}
