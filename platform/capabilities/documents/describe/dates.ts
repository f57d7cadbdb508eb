/*
 * The day that a document itself bears: behind the words that say so ("dated as of", «г. Москва, 12 марта 2024 г.»), else
 * the first one at its head. Days of amendments («в редакции от …») are not its own.
 */

const russianMonths = [
  'январ',
  'феврал',
  'март',
  'апрел',
  'ма',
  'июн',
  'июл',
  'август',
  'сентябр',
  'октябр',
  'ноябр',
  'декабр',
];
const englishMonths = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const englishMonth =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
// Text layers part raised letters from their number: "17t h".
const dayEnding = '(?:\\s?(?:st|nd|rd|t\\s?h))?';

const forms: { pattern: RegExp; read: (groups: string[]) => [year: string, month: number, day: string] }[] = [
  {
    pattern:
      /["«“]?(?<!\d)(\d{1,2})["»”]?\s{1,3}(январ|феврал|март|апрел|ма|июн|июл|август|сентябр|октябр|ноябр|декабр)[ьяеа]{1,2}\s{1,3}(\d{4})(?!\d)/giu,
    read: ([day = '', month = '', year = '']) => [year, russianMonths.indexOf(month.toLowerCase()) + 1, day],
  },
  {
    pattern: /(?<![\d.])(\d{1,2})\.(\d{1,2})\.((?:19|20)\d{2})(?![\d.]?\d)/g,
    read: ([day = '', month = '', year = '']) => [year, Number(month), day],
  },
  {
    pattern: new RegExp(
      `(?<![\\p{L}])(${englishMonth})\\s{1,3}(\\d{1,2})${dayEnding}\\s?,?\\s{1,3}(\\d{4})(?!\\d)`,
      'giu',
    ),
    read: ([month = '', day = '', year = '']) => [
      year,
      englishMonths.indexOf(month.slice(0, 3).toLowerCase()) + 1,
      day,
    ],
  },
  {
    pattern: new RegExp(
      `(?<!\\d)(\\d{1,2})${dayEnding}\\s{1,3}(?:day\\s{1,3}of\\s{1,3})?(${englishMonth})\\s?,?\\s{1,3}(\\d{4})(?!\\d)`,
      'giu',
    ),
    read: ([day = '', month = '', year = '']) => [
      year,
      englishMonths.indexOf(month.slice(0, 3).toLowerCase()) + 1,
      day,
    ],
  },
  // The American order: what stands in Russian documents has dots.
  {
    pattern: /(?<![\d/])(\d{1,2})\/(\d{1,2})\/((?:19|20)\d{2})(?![\d/])/g,
    read: ([month = '', day = '', year = '']) => [year, Number(month), day],
  },
  {
    pattern: /(?<![\d-])((?:19|20)\d{2})-(\d{2})-(\d{2})(?![\d-])/g,
    read: ([year = '', month = '', day = '']) => [year, Number(month), day],
  },
];

interface FoundDate {
  /** YYYY-MM-DD */
  date: string;
  start: number;
}

/** All days written out in a text, in order. */
export function datesIn(text: string): FoundDate[] {
  const found = forms.flatMap(({ pattern, read }) =>
    Array.from(text.matchAll(pattern), (match) => ({ date: toDate(...read(match.slice(1))), start: match.index })),
  );
  return found.filter((one): one is FoundDate => one.date !== undefined).toSorted((a, b) => a.start - b.start);
}

function toDate(year: string, month: number, day: string): string | undefined {
  const date = new Date(Date.UTC(Number(year), month - 1, Number(day)));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day) && Number(year) >= 1800;
  return isReal && Number(year) <= 2200 ? date.toISOString().slice(0, 10) : undefined;
}

const headLength = 4000;
const nearHead = 1200;
const own =
  /(?:dated(?:\s(?:as\sof|this|the))?|as\sof(?:\sthis|\sthe)?|entered\sinto(?:\s(?:on|this|effective))?|effective(?:\s(?:as\sof|date:?|from|on|this))?|made(?:\s(?:on|this|as\sof))?|executed\son|on\sthis|this|date:|от|дата:?|г\.\s?\p{Lu}[\p{L}-]{2,20},?)\s{0,4}(?:the\s)?["«“(]?$/iu;
const foreign =
  /(?:редакци|\bред\.|дополн|изменен|изм\.|утратил|source:|incorporated|originally|amended\sby|filed|certain)(?:(?!\.\s\p{Lu})[^\n]){0,70}$/iu;

/** The day that a document is of; undefined when its head names none. */
export function dateOf(text: string): string | undefined {
  const head = text.slice(0, headLength);
  const dates = datesIn(head).filter(({ start }) => !foreign.test(head.slice(Math.max(0, start - 90), start)));
  const said = dates.find(({ start }) => own.test(head.slice(Math.max(0, start - 45), start)));
  return (said ?? dates.find(({ start }) => start < nearHead))?.date;
}
