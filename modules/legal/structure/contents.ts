import { isContentsEntry } from './line-marks.ts';
import { type Mark, toLabel } from './mark.ts';

/*
 * Tables of contents name the units that follow, and would cut the text at each entry and answer every question about
 * a unit's name. Two signs tell them: a run of entries that end with a page number behind dots or a gap; or the words
 * «Содержание», "Table of Contents" before a run of short lines that all come again as lines below.
 */

const caption =
  /(?<!\p{L})(?:СОДЕРЖАНИЕ|Содержание|ОГЛАВЛЕНИЕ|Оглавление|TABLE OF CONTENTS|Table of Contents|Table Of Contents|CONTENTS|Contents|INDEX)(?=[ \t:*]{0,4}(?:\n|\s{3}|$))/gu;
const captionBefore = /(?:^|\n|\s{3})[ \t#*]{0,12}$/;
const mostCaptions = 20;
/** An entry's page number in running text. */
const pageInLine =
  /(?:(?<!\.)\.{3,300}|…|(?<!\. )(?:\. ){3,200}|(?<!\s)\s{3,300})\s{0,4}(?:\d{1,4}|[ivxl]{1,6})(?=\s{2}|\n|$)/g;

const leastEntries = 3;
/** Between the page numbers of two entries. */
const longestEntry = 260;
/** A table of contents is at the front or, in Russian books, at the back; and no longer than that. */
const longestTable = 40_000;
const longestEntryLine = 170;
const longestCaption = 60;

/** The tables of contents of a text in order, without overlap. */
export function findContents(text: string): Mark[] {
  const found: Mark[] = [];
  const captions: Mark[] = [];
  let behind = 0;
  let tried = 0;
  for (const { 0: words, index: start } of text.matchAll(caption)) {
    if (start < behind || !captionBefore.test(text.slice(Math.max(0, start - 14), start))) continue;
    tried += 1;
    if (tried > mostCaptions) break;
    const bodyStart = start + words.length;
    const end = Math.max(pagedEnd(text, bodyStart), repeatedEnd(text, bodyStart));
    (end === 0 ? captions : found).push(toTable(start, Math.max(end, bodyStart), words));
    behind = end;
  }
  const runs = entryRuns(text).map(({ start, end }) => {
    const above = captions.find((one) => start >= one.end && start - one.end <= longestCaption);
    return toTable(above?.start ?? start, end, above?.label ?? '');
  });
  return join([...found, ...runs].toSorted((a, b) => a.start - b.start));
}

/** Of two that overlap, or have only a caption such as "List of Exhibits" between them, one. */
function join(tables: Mark[]): Mark[] {
  const joined: Mark[] = [];
  for (const table of tables) {
    const last = joined.at(-1);
    if (last === undefined || table.start - last.end > longestCaption) joined.push(table);
    else joined[joined.length - 1] = { ...last, end: Math.max(last.end, table.end), label: last.label || table.label };
  }
  return joined;
}

const toTable = (start: number, end: number, label: string): Mark => ({
  style: 'contents',
  start,
  end,
  number: [],
  label: toLabel(label),
  titled: label !== '',
  inline: false,
});

/** Behind the last of the entries with page numbers, 0 when they are too few. */
function pagedEnd(text: string, start: number): number {
  const body = text.slice(start, start + longestTable);
  let end = 0;
  let count = 0;
  for (const match of body.matchAll(pageInLine)) {
    const distance = match.index - end;
    // Between pages of a table stand empty lines and its own page number.
    if (distance > longestEntry && body.slice(end, match.index).replaceAll(/\s+/g, ' ').length > longestEntry) break;
    end = match.index + match[0].length;
    count += 1;
  }
  return count < leastEntries ? 0 : start + end;
}

/** Behind the last of the lines that stand again further below, 0 when they are too few. */
function repeatedEnd(text: string, start: number): number {
  const below = new Set<string>();
  const lines: { key: string; end: number }[] = [];
  let position = start;
  for (const line of text.slice(start, start + longestTable).split('\n')) {
    position += line.length + 1;
    if (line.trim() === '') continue;
    const key = entryKey(line);
    if (line.length > longestEntryLine || (lines.length > 0 && key === lines[0]?.key)) break;
    lines.push({ key, end: position - 1 });
  }
  if (lines.length < leastEntries) return 0;
  const rest = (lines.at(-1) as { end: number }).end;
  for (const line of text.slice(rest).split('\n')) if (line.length <= 400) below.add(entryKey(line));
  let last = 0;
  let misses = 0;
  let count = 0;
  for (const { key, end } of lines) {
    if (below.has(key)) {
      last = end;
      count += 1;
      misses = 0;
    } else misses += 1;
    if (misses > 2) break;
  }
  return count < leastEntries ? 0 : last;
}

const entryKey = (line: string): string =>
  line
    .replace(/^[\s#*]{1,12}/, '')
    .slice(0, longestEntryLine)
    .replace(/(?:\.{2,}|…|\s)[\s.]{0,80}(?:\d{1,4}|[ivxl]{1,6})?\s{0,8}$/, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\d]+/gu, ' ')
    .trim();

/** With a page number behind dots or a gap; or a unit's name with one behind a space; or, in a list of annexes, without. */
const plainEntry =
  /^(?:(?:section|article|chapter|part|статья|глава|раздел|подраздел|часть|параграф)\s[\divxlc.-]{1,9}[^\n]{0,180}|§\s?\d[^\n]{0,180}|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s[^\n]{2,180}\p{Ll}\p{L})\s\d{1,3}$/iu;
const annexEntry =
  /^(?:exhibit|schedule|annex|appendix|attachment|приложение)\s(?:№\s?)?[\p{L}\d][\p{L}\d.()-]{0,9}(?:\s?[-–—:.]\s[^\n]{2,120})?$/iu;

const isEntry = (line: string): boolean =>
  /\p{L}/u.test(line) && (isContentsEntry(line) || plainEntry.test(line) || annexEntry.test(line));

/** Runs of lines that end with a page number, wrapped entries and bare page numbers between them. */
function entryRuns(text: string): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  let run: { start: number; end: number; entries: number; misses: number } | undefined;
  const finish = () => {
    if (run !== undefined && run.entries >= leastEntries) runs.push({ start: run.start, end: run.end });
    run = undefined;
  };
  for (let start = 0; start < text.length; ) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    const isShort = end - start <= longestEntryLine + 80;
    const line = isShort ? text.slice(start, end).trim() : '';
    if (isShort && isEntry(line)) {
      run ??= { start, end, entries: 0, misses: 0 };
      run.end = end;
      run.entries += 1;
      run.misses = 0;
    } else if (run !== undefined && (!isShort || line !== '')) {
      run.misses += 1;
      if (!isShort || run.misses > 2) finish();
    }
    start = end + 1;
  }
  finish();
  return runs;
}
