import type { Span } from './span.ts';

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
      `(?<!\\d)(\\d{1,2})${dayEnding}\\s{1,3}(?:(?:day\\s{1,3})?of\\s{1,3})?(${englishMonth})\\s?,?\\s{1,3}(\\d{4})(?!\\d)`,
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

/** Most texts have no year, and need not be looked through six times. */
const mayHaveDate = /(?<!\d)\d{4}(?!\d)/;

interface FoundDate extends Span {
  /** YYYY-MM-DD */
  date: string;
}

/** All days written out in a text, in order. */
export function datesIn(text: string): FoundDate[] {
  if (!mayHaveDate.test(text)) return [];
  const found = forms.flatMap(({ pattern, read }) =>
    Array.from(text.matchAll(pattern), (match) => ({
      date: toDate(...read(match.slice(1))),
      start: match.index,
      end: match.index + match[0].length,
    })),
  );
  return found.filter((one): one is FoundDate => one.date !== undefined).toSorted((a, b) => a.start - b.start);
}

function toDate(year: string, month: number, day: string): string | undefined {
  const date = new Date(Date.UTC(Number(year), month - 1, Number(day)));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day) && Number(year) >= 1800;
  return isReal && Number(year) <= 2200 ? date.toISOString().slice(0, 10) : undefined;
}
