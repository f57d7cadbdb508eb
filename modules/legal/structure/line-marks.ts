import { type Line, toMark } from './line.ts';
import { decimalNumber, letterValue, type Mark, type MarkStyle, ranks, romanValue, toLabel } from './mark.ts';
import { plainMark } from './plain-mark.ts';
import { isCapitalized, runInTitle, wholeLineTitle } from './title.ts';

/** No more of a line is looked at: a text may be one line of megabytes. */
const lineWindow = 240;
/** A line of this length is a paragraph, not a heading that stands alone. */
const shortLine = 200;
const longestLead = 200;

const numberWords =
  ' one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
/** "ARTICLE NINE", "Article Nine" */
export const numberWord = numberWords
  .slice(1)
  .map((word) => `${word.toUpperCase()}|${word.charAt(0).toUpperCase()}${word.slice(1)}`)
  .join('|');
/** «15¹» and «15^(1.1)» as readers give raised figures, «15 прим.» as old codes print them. */
const raised = String.raw`[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\^\(\d{1,2}(?:\.\d{1,2})?\)|<\d{1,2}>|\sприм\.?(?:\s?\d{1,2})?`;
const figures = String.raw`\d{1,4}(?:${raised})?(?:[.-]\d{1,3}){0,3}`;
const number = `(?:${figures}|[IVXLC]{1,7}|${numberWord})`;
/** Behind the number comes nothing, a stop, or a name that begins large: «Статья 5 настоящего договора» is prose. */
const named = String.raw`\s{1,3}(?:№\s?)?(${number})(?=\.?$|[.:)]?\s{0,8}[—–-]?\s{0,3}["«“([]?\p{Lu}|[.:]\s|\s[—–-]\s|\s\()`;

const unitKinds: [rank: number, pattern: RegExp][] = [
  [
    ranks.annex,
    new RegExp(
      `^(?:ПРИЛОЖЕНИЕ|Приложение|ANNEX|Annex|SCHEDULE|Schedule|EXHIBIT|Exhibit|APPENDIX|Appendix|ATTACHMENT|Attachment)(?:${named}|\\s[“"]?([A-Z](?:-\\d{1,2})?)[”"]?(?=$|[.:]|\\s[-–—(]|\\s{1,8}[A-Z]))`,
      'u',
    ),
  ],
  [ranks.part, new RegExp(`^(?:ЧАСТЬ|Часть|PART|Part)(?:${named}|\\s([A-Z])(?=$|[.:]))`, 'u')],
  [ranks.part, /^(?:ЧАСТЬ|Часть)\s[А-ЯЁа-яё]{3,9}(?:АЯ|ая|ЬЯ|ья)(?=$|[.:])/u],
  [ranks.division, new RegExp(`^(?:РАЗДЕЛ|Раздел|TITLE|Title)${named}`, 'u')],
  [ranks.subdivision, new RegExp(`^(?:ПОДРАЗДЕЛ|Подраздел)${named}`, 'u')],
  [ranks.chapter, new RegExp(`^(?:ГЛАВА|Глава|CHAPTER|Chapter)${named}`, 'u')],
  [ranks.paragraph, new RegExp(`^§\\s{0,2}(${number})(?=$|[.:]?\\s)`, 'u')],
  [ranks.article, new RegExp(`^(?:СТАТЬЯ|Статья|ARTICLE|Article)${named}`, 'u')],
  [ranks.section, new RegExp(`^(?:SECTION|Section)${named}`, 'u')],
];

const glued = String.raw`(?=\s|["“«[(]|\p{L}{2})`;
const clauseStyles: [style: MarkStyle, pattern: RegExp][] = [
  ['decimal', /^(\d{1,3}(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})?(?:\.\d{1,3}){1,5})[.)]?(?=\s{1,12}["“«([*]{0,3}[\p{L}\d]|\s*$)/u],
  ['decimal', new RegExp(String.raw`^(\d{1,3}(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})?)\.${glued}`, 'u')],
  ['decimal', /^(\d{1,2})(?=\s{1,12}(?:\p{Lu}{4}|\p{Lu}[\p{Ll}]{2,20}(?:\s\p{Lu}\p{Ll}{1,20}){0,5}$))/u],
  ['bracket-number', /^\(?(\d{1,2})\)(?=\s|\p{L})/u],
  ['bracket-roman', /^\(?([ivxl]{1,5})\)(?=\s|\p{L})/u],
  ['bracket-letter', /^\(?([a-zа-яё])\)(?=\s|\p{L}|["“«])/u],
  ['bracket-capital', /^\(?([A-ZА-Я])\)(?=\s|\p{L}|["“«])/u],
  ['roman', new RegExp(String.raw`^([IVX]{1,6})\.${glued}`, 'u')],
  ['capital', new RegExp(String.raw`^([A-Z])\.${glued}`, 'u')],
  ['letter', /^([a-z])\.(?=\s)/u],
];

const markdown = /^(#{1,6})\s{1,3}(?=\S)/;
const codeName =
  /^(?:\p{L}{2,20}[\s-]){1,4}(?:кодекс|КОДЕКС)(?:\s(?:РФ|Российской Федерации|РОССИЙСКОЙ ФЕДЕРАЦИИ))?(?:\s\p{L}{2,2}\s[\p{L}\s]{3,40})?$/u;
/** The name of the code stands at the top. */
const codeNamePlace = 1500;
const pageAtEnd = /(?:\d{1,4}|[ivxl]{1,6})$/;

/** The units that may begin at a line's start: of several readings («I.», "(i)") all, as the neighbours decide. */
export function marksOfLine(text: string, lineStart: number, lineEnd: number): Mark[] {
  const window = text.slice(lineStart, Math.min(lineEnd, lineStart + lineWindow));
  const line = window.trim();
  if (line === '' || isContentsEntry(line)) return [];
  const start = lineStart + window.length - window.trimStart().length;
  const context: Line = { text, line, start, end: lineEnd, isShort: lineEnd - lineStart <= shortLine };
  const unit = markdownMark(context) ?? codeMark(context) ?? unitMark(context);
  if (unit !== undefined) return [unit];
  const clauses = clauseMarks(context);
  if (clauses.length > 0) return clauses;
  const plain = plainMark(context);
  return plain === undefined ? [] : [plain];
}

/**
 * Whether a line is of a table of contents: dots or a gap, then the page. Looked at from its end: one expression for all of
 * it would try each space of a long gap as the beginning of another.
 */
export function isContentsEntry(line: string): boolean {
  const page = pageAtEnd.exec(line);
  if (page === null) return false;
  const before = line.slice(0, page.index);
  const words = before.trimEnd();
  const gap = before.slice(words.length);
  if (gap.includes('\t') || gap.includes('   ') || words.endsWith('...') || words.endsWith('…')) return true;
  return words.endsWith('. . .') && gap.startsWith(' ');
}

function markdownMark({ line, start, isShort, text, end }: Line): Mark | undefined {
  const hashes = markdown.exec(line);
  if (hashes === null || !isShort) return undefined;
  const rest = line.slice(hashes[0].length).trim();
  const own = rest === '' ? undefined : marksOfLine(text, start + hashes[0].length, end)[0];
  const label = toLabel(rest);
  if (own?.style === 'unit') return { ...own, start, label, end: Math.max(own.end, start + line.length) };
  return toMark('unit', start, start + line.length, {
    rank: hashes[1]?.length ?? 1,
    number: own?.number ?? [],
    label,
  });
}

function codeMark({ line, start, isShort }: Line): Mark | undefined {
  if (!isShort || start > codeNamePlace || !codeName.test(line)) return undefined;
  return toMark('unit', start, start + line.length, { rank: ranks.code, label: toLabel(line) });
}

function unitMark(context: Line): Mark | undefined {
  const { text, line, start, end, isShort } = context;
  for (const [rank, pattern] of unitKinds) {
    const match = pattern.exec(line);
    if (match === null) continue;
    if (isReference(text, start, line)) return undefined;
    // The document itself may be another one's annex: what it begins with is its name, not a unit in it.
    if (rank === ranks.annex && start <= longestLead && text.slice(0, start).trim() === '') return undefined;
    const written = match[1] ?? match[2] ?? '';
    const base = { rank, number: unitNumber(written) };
    const rest = line.slice(match[0].length).replace(/^[.:)]?\s*[—–-]?\s*/, '');
    const runIn = rest.length > 0 && (/^[A-Z]/.test(line) || line.length > 100) ? runInTitle(rest) : undefined;
    if (runIn !== undefined) {
      const at = line.length - rest.length;
      return toMark('unit', start, start + at + runIn.length, {
        ...base,
        label: toLabel(line.slice(0, at), runIn.text),
      });
    }
    if (!isShort) {
      if (!/^[.:]/.test(line.slice(match[0].length))) return undefined;
      return toMark('unit', start, start + match[0].length + 1, {
        ...base,
        label: toLabel(match[0]),
        titled: rank <= ranks.article,
      });
    }
    const below = rest === '' ? nameBelow(text, end) : continuation(text, end, line);
    return toMark('unit', start, below?.end ?? start + line.length, {
      ...base,
      label: toLabel(line, below?.label ?? ''),
    });
  }
  return undefined;
}

export function unitNumber(written: string): number[] {
  if (/^\d/.test(written)) return decimalNumber(written);
  const value = numberWords.indexOf(written.toLowerCase());
  if (value > 0) return [value];
  const roman = romanValue(written);
  return roman > 0 ? [roman] : [];
}

/** English writes references large as well: a line that begins with one continues with the sentence above. */
function isReference(text: string, lineStart: number, line: string): boolean {
  return /^[A-Z]/.test(line) && /[\p{Ll},]\n[ \t]{0,4}$/u.test(text.slice(Math.max(0, lineStart - 7), lineStart));
}

/** The rest of a long heading: one or two lines that go on in small letters and end, without a stop, the paragraph. */
function continuation(text: string, lineEnd: number, line: string): { end: number; label: string } | undefined {
  if (/[.;:]$/.test(line)) return undefined;
  const below = /^\n(\p{Ll}[^\n]{0,120}(?:\n\p{Ll}[^\n]{0,120})?)(?:\n\n|$)/u.exec(text.slice(lineEnd, lineEnd + 250));
  const label = below?.[1]?.trimEnd();
  if (label === undefined || /[.;:,]$/.test(label)) return undefined;
  return { end: lineEnd + 1 + label.length, label };
}

/** «Глава 2» or "ARTICLE IV" alone, whose name stands on the next line. */
function nameBelow(text: string, lineEnd: number): { end: number; label: string } | undefined {
  const next = /^\n{1,3}\s{0,8}([^\n]{3,120})(?:\n|$)/.exec(text.slice(lineEnd, lineEnd + 135));
  const label = next?.[1]?.trimEnd();
  if (next === null || label === undefined || isContentsEntry(label)) return undefined;
  if (!/^["«“]?\p{Lu}/u.test(label) || /[.;:,]$/.test(label)) return undefined;
  if (unitKinds.some(([, pattern]) => pattern.test(label)) || (label.length > 70 && !isCapitalized(label)))
    return undefined;
  return { end: lineEnd + next[0].indexOf(label) + label.length, label };
}

/** "… in Section" above, or a sentence that continues below in small letters: the number belongs to it. */
function isWrapped(text: string, lineStart: number, rest: string): boolean {
  const above = text.slice(Math.max(0, lineStart - 24), lineStart);
  if (
    /(?:sections?|articles?|clauses?|paragraphs?|and|or|ст\.|стать\p{L}{1,3}|п\.|пункт\p{L}{0,3}|и|или)[ \t]?\n[ \t]{0,8}$/iu.test(
      above,
    )
  )
    return true;
  return /[\p{L}\d,]\n[ \t]{0,8}$/u.test(above) && /^\p{Ll}/u.test(rest);
}

function clauseMarks(context: Line): Mark[] {
  const { text, line, start } = context;
  const marks: Mark[] = [];
  for (const [style, pattern] of clauseStyles) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const written = match[1] as string;
    const value = clauseNumber(style, written);
    if (value.length === 0 || value.some((figure) => figure > 400)) continue;
    const at = match[0].length + (/^\s*/.exec(line.slice(match[0].length))?.[0].length ?? 0);
    if (style === 'decimal' && isWrapped(text, start, line.slice(at))) return [];
    const title = clauseTitle(context, at);
    const isList = style.startsWith('bracket') || style === 'letter';
    const bare = style === 'decimal' && value.length > 1 ? written : match[0];
    marks.push(
      toMark(style, start, start + (title === undefined ? match[0].length : at + title.length), {
        number: value,
        label: title === undefined ? toLabel(bare) : toLabel(match[0], title.text),
        titled: title !== undefined && !isList,
      }),
    );
    if (style === 'decimal') break;
  }
  return marks;
}

function clauseNumber(style: MarkStyle, written: string): number[] {
  if (style === 'decimal' || style === 'bracket-number') return decimalNumber(written);
  const value = style.endsWith('roman') ? romanValue(written) : letterValue(written);
  return value > 0 ? [value] : [];
}

function clauseTitle({ text, line, end, isShort }: Line, at: number): { text: string; length: number } | undefined {
  const rest = line.slice(at);
  const runIn = runInTitle(rest);
  if (runIn !== undefined) return runIn;
  const isTitle = isShort && /^["«“]?\p{Lu}/u.test(rest) && wholeLineTitle(rest) && !continues(text, end);
  return isTitle ? { text: rest.replace(/[.:]$/, ''), length: rest.length } : undefined;
}

/** The line continues below in small letters, so it is the wrapped beginning of a sentence. */
const continues = (text: string, lineEnd: number) => /^\n\p{Ll}/u.test(text.slice(lineEnd, lineEnd + 3));
