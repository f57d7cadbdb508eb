import { codesIn, type NamedCode } from './legal-codes.ts';

/** A legal unit named by its number, in one form however it was written. */
export interface LegalReference {
  /**
   * статья, article · раздел, §, section · clause, paragraph, and the numbered heading that does not say what it is ·
   * глава, chapter · часть, part · пункт, подпункт, point, "(a)" · приложение, annex, schedule, exhibit.
   */
  kind: 'article' | 'section' | 'clause' | 'chapter' | 'part' | 'point' | 'annex';
  /**
   * Arabic figures joined by dots («19¹», «19-1», «19 прим.» and «19.1» are `19.1`, `IV` is `4`), or one small letter of a
   * list or annex.
   */
  number: string;
  /** The code's abbreviation («ТК», «КоАП») or the federal law's number («152-ФЗ»). */
  code?: string;
}

type Kind = LegalReference['kind'];

const keywords: [kind: Kind, pattern: string][] = [
  ['article', String.raw`ст\.?\s?ст\.|ст\.?|стать[а-яё]{1,3}|articles?|arts?\.`],
  ['section', String.raw`§{1,2}|параграф[а-яё]{0,2}|разд\.|раздел[а-яё]{0,2}|sections?|secs?\.`],
  ['chapter', String.raw`гл\.|глав[а-яё]{1,2}|chapters?|ch\.`],
  ['part', String.raw`ч\.?\s?ч\.|ч\.|част[ьиея][а-яё]{0,2}|parts?`],
  ['point', String.raw`подп\.|подпункт[а-яё]{0,3}|пп\.|п\.?\s?п\.|п\.|п(?=\s\d)|пункт[а-яё]{0,3}|points?`],
  ['clause', String.raw`(?:sub-?)?clauses?|cl\.|(?:sub-?)?paragraphs?|paras?\.`],
  ['annex', String.raw`приложени[а-яё]{1,3}|прил\.|annex(?:es)?|appendix|appendices|schedules?|exhibits?|attachments?`],
];
const kinds = keywords.map(([kind]) => kind);
const keyword = keywords.map(([, pattern]) => `(${pattern})`).join('|');

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** What the number of an inserted unit ends with: «15¹», «15^(1.1)», «15 прим.», «15 со значком 1». */
const raised = String.raw`[${superscripts}]{1,3}|<\d{1,2}>|\^\(\d{1,2}(?:\.\d{1,2})?\)|\s?прим(?:\.|(?![а-яё]))(?:\s?\d{1,2}(?![.,]?\d))?|\s(?:со\sзначком|с\sиндексом|с\sверхним\sиндексом|superscript)\s\d{1,2}`;
const figures = String.raw`\d{1,4}(?:${raised})?(?:[.‐‑–-]\d{1,4}){0,4}`;
const items = String.raw`(?:\s?\([a-zа-яё\d]{1,4}\)){0,3}`;
const ordinals: [pattern: string, number: number][] = [
  ['перв[а-яё]{1,3}|first|one', 1],
  ['втор[а-яё]{1,3}|second|two', 2],
  ['треть[а-яё]{1,3}|третья|третий|third|three', 3],
  ['четв[её]рт[а-яё]{1,3}|fourth|four', 4],
  ['пят(?:ая|ой|ую|ый|ого|ому|ом)|fifth|five', 5],
  ['шест(?:ая|ой|ую|ого|ому|ом)|sixth|six', 6],
  ['седьм[а-яё]{1,3}|seventh|seven', 7],
  ['восьм(?:ая|ой|ую|ого|ому|ом)|eighth|eight', 8],
  ['девят(?:ая|ой|ую|ый|ого|ому|ом)|ninth|nine', 9],
  ['десят(?:ая|ой|ую|ый|ого|ому|ом)|tenth|ten', 10],
];
const ordinal = ordinals.map(([pattern]) => pattern).join('|');
const roman = '[IVXLC]{1,7}(?![a-zа-яё])';
const letter = String.raw`["«“„(][a-zа-яё]["»”)]|[a-zа-яё]\)`;
/** What a keyword may be followed by; of the words only those that stand behind it, as in «часть вторая». */
const number = String.raw`(?:${figures}(?![a-zа-яё\d${superscripts}])${items}|${roman}${items}|${letter}|(?:${ordinal})(?![a-zа-яё]))`;

const first = new RegExp(String.raw`(?<![a-zа-яё\d])(?:${keyword})\s{0,3}(?:№\s?|no\.\s)?(${number})`, 'giu');
const units = String.raw`(?:раб|кал)[а-яё]{0,10}\s|дн|ден|мес|год|лет|руб|час|days?|months?|years?`;
/** The rest of a list: «ст. 5, 7 и 9», "Sections 2.1 and 2.3". */
const next = new RegExp(
  String.raw`\s?(?:,|и|или|and|or|&)\s{1,2}(${figures}(?![a-zа-яё]|[.,]?\d|\s?%|\s(?:${units}))${items})`,
  'iuy',
);

const behindAnnex = new RegExp(String.raw`^\s(?:${units})`, 'iu');
/** "Exhibit B", «Приложение А»: a lone capital. */
const annexLetter =
  /(?<!\p{L})(?:[Пп]риложени[а-яё]{1,3}|ПРИЛОЖЕНИЕ|[Aa]nnex|ANNEX|[Ss]chedule|SCHEDULE|[Ee]xhibit|EXHIBIT|[Aa]ppendix|APPENDIX|[Aa]ttachment|ATTACHMENT)\s{1,3}(?:№\s?)?["«“]?([A-ZА-Я])(?![\p{L}\d'’])(?!\.\p{L})/gu;

interface LocatedReference {
  reference: LegalReference;
  start: number;
  end: number;
}

/** Characters in which the code of one reference is another one's as well: «п. 2 ст. 8 и ст. 9 ТК». */
const nearGap = 12;
/** In a short text a code named once is that of all its references: «Какой отпуск по ТК РФ, см. статью 115?» */
const shortText = 600;
const longestRange = 30;

/** The articles, sections and clauses that a text names, in order; those of a list or range one by one. */
export const referencesIn = (text: string): LegalReference[] =>
  locateReferences(text).map(({ reference }) => reference);

/** As `referencesIn`, with the place of each in the text; those of a range share one. */
export function locateReferences(text: string): LocatedReference[] {
  const located: LocatedReference[] = [];
  for (const match of text.matchAll(first)) {
    const groups = match.slice(1);
    const kind = kinds[groups.findIndex((group) => group !== undefined)] as Kind;
    const word = groups.find((group) => group !== undefined) as string;
    const written = groups.at(-1) as string;
    if (isPronoun(word, written)) continue;
    // "a payment schedule of 5 days", "schedule 5 days"
    if (
      kind === 'annex' &&
      (!/\d|^[IVXLC]+$/.test(written) || behindAnnex.test(text.slice(match.index + match[0].length)))
    )
      continue;
    const add = (raw: string, start: number, end: number) => {
      for (const reference of read(kind, raw, isPlural(word))) located.push({ reference, start, end });
    };
    let end = match.index + match[0].length;
    add(written, match.index, end);
    for (next.lastIndex = end; ; ) {
      const more = next.exec(text);
      if (more === null) break;
      add(more[1] as string, end, next.lastIndex);
      end = next.lastIndex;
    }
  }
  for (const match of text.matchAll(annexLetter)) {
    const [start, end, letter = ''] = [match.index, match.index + match[0].length, match[1]];
    // Not "in the exhibit I signed"; Roman numbers are read above.
    if (/[IVXLC]/.test(letter)) continue;
    located.push({ reference: { kind: 'annex', number: letter.toLowerCase() }, start, end });
  }
  located.sort((a, b) => a.start - b.start);
  nameCodes(text, located);
  return located;
}

/** "The part I signed": a small keyword before a lone `I`. Small letters are no Roman number at all. */
const isPronoun = (word: string, written: string): boolean =>
  (/^[ivxlc]+$/iu.test(written) && written !== written.toUpperCase()) || (written === 'I' && /^[a-z]/.test(word));

const isPlural = (word: string): boolean =>
  /^(?:статьи|статьях|статьям|статей|статьями|ст\.?\s?ст\.|п\.?\s?п\.|пп\.|пункты|пунктах|пунктов|пунктам|§§|[a-z]+s\.?)$/iu.test(
    word,
  );

function read(kind: Kind, written: string, plural: boolean): LegalReference[] {
  const range = /^(\d{1,4})[‐‑–-](\d{1,4})$/.exec(written);
  if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    const isRange = to > from && to - from <= longestRange && (plural || written.includes('–'));
    if (isRange) return Array.from({ length: to - from + 1 }, (_, index) => ({ kind, number: String(from + index) }));
  }
  const [main = '', ...subitems] = written
    .replace(/\^\(([\d.]+)\)/, '.$1')
    .split(/[()]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return [
    { kind, number: canonicalNumber(main) },
    ...subitems.map((item): LegalReference => ({ kind: 'point', number: canonicalItem(item) })),
  ];
}

function canonicalNumber(written: string): string {
  if (/^[IVXLC]+$/.test(written)) return String(fromRoman(written));
  if (!/\d/.test(written)) {
    const named = ordinals.find(([pattern]) => new RegExp(`^(?:${pattern})$`, 'iu').test(written));
    return named === undefined ? canonicalItem(written) : String(named[1]);
  }
  return written
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/, (raised) => `.${Array.from(raised, (sign) => superscripts.indexOf(sign)).join('')}`)
    .replace(/<(\d+)>/, '.$1')
    .replace(/\s?прим\.?\s?(\d*)/iu, (_, sign: string) => `.${sign || 1}`)
    .replace(/\s\D+\s(?=\d+$)/u, '.')
    .replaceAll(/[‐‑–-]/g, '.');
}

const canonicalItem = (item: string): string => item.replaceAll(/[^\p{L}\d]/gu, '').toLowerCase();

const romanValues: Record<string, number> = { I: 1, V: 5, X: 10, L: 50, C: 100 };

function fromRoman(written: string): number {
  const values = Array.from(written, (sign) => romanValues[sign] ?? 0);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}

/** Gives each reference the code next to it, else its neighbour's, else the only one that a short text names. */
function nameCodes(text: string, located: LocatedReference[]): void {
  if (located.length === 0) return;
  const codes = codesIn(text);
  let at = 0;
  for (const [index, { reference, end }] of located.entries()) {
    while ((codes[at]?.start ?? Number.POSITIVE_INFINITY) < end) at += 1;
    const code = codes[at];
    const nextStart = located[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    if (code !== undefined && code.start < nextStart && isNear(text, end, code.start)) reference.code = code.code;
  }
  for (let index = located.length - 2; index >= 0; index -= 1) {
    const [item, following] = [located[index] as LocatedReference, located[index + 1] as LocatedReference];
    const { code } = following.reference;
    if (code !== undefined && isNear(text, item.end, following.start)) item.reference.code ??= code;
  }
  nameOnly(text, located, codes);
}

const isNear = (text: string, end: number, start: number): boolean =>
  start - end <= nearGap && isJoint(text.slice(end, start));

const isJoint = (gap: string): boolean => /^[\s,("«]*(?:и|или|а также|and|or|из|по|of|the)?[\s,("«]*$/iu.test(gap);

function nameOnly(text: string, located: LocatedReference[], codes: NamedCode[]): void {
  const certain = new Set(codes.filter((code) => code.certain).map(({ code }) => code));
  const [only] = certain;
  if (certain.size !== 1 || only === undefined || text.length > shortText) return;
  for (const { reference, end } of located) {
    const isOfThis = /^\s{0,2}(?:настоящ|данн|этого|указанн|of\s(?:this|the))/iu.test(text.slice(end, end + 14));
    if (!isOfThis) reference.code ??= only;
  }
}

const bareNumber =
  /^(?:\(?(\d{1,3}[⁰¹²³⁴⁵⁶⁷⁸⁹]{0,3}(?:[.-]\d{1,3}){0,4})(?:[.)](?=\s|$)|(?=\s))|([IVXLC]{1,7})[.)]\s)/u;

/**
 * What a heading itself is: «Статья 8.1. Основания» an article, "12.3 Governing Law" a clause. Undefined when it bears
 * no number of its own.
 */
export function headingReference(heading: string): LegalReference | undefined {
  const head = heading.slice(0, 60);
  const [named] = locateReferences(head);
  if (named?.start === 0) return named.reference;
  const bare = bareNumber.exec(head);
  const written = bare?.[1] ?? bare?.[2];
  return written === undefined ? undefined : { kind: 'clause', number: canonicalNumber(written) };
}

/** Kinds that are called one thing in the text and another in a question: a contract's "4.2" is its section, clause, пункт. */
const interchangeable: ReadonlySet<Kind> = new Set(['article', 'section', 'clause', 'point']);

/**
 * Whether a question's reference can mean the unit with this heading. A heading that does not say what it is («4.2
 * Срок») is whatever it is asked as; a code is compared when both are known.
 */
export function isSameReference(asked: LegalReference, heading: LegalReference): boolean {
  if (asked.number !== heading.number) return false;
  if (asked.code !== undefined && heading.code !== undefined && asked.code !== heading.code) return false;
  if (asked.kind === heading.kind) return true;
  const isBare = asked.kind === 'clause' || heading.kind === 'clause';
  return isBare && interchangeable.has(asked.kind) && interchangeable.has(heading.kind);
}
