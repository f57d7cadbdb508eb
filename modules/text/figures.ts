import { datesIn } from './dates.ts';
import type { Span } from './span.ts';

/*
 * Amounts, shares and days in one form however they are written: 95500, 95 500,00 and 95,500.00 are `95500`, 0,5 % and
 * 0.5 per cent are `0.5%`, 20.05.2024 and May 20, 2024 are `2024-05-20`. Numbers that need no change, such as those of
 * clauses («3.10» is not «3.1»), are left to `words`.
 */

export interface Figure extends Span {
  /** Its one form: figures and a point, with `%` for a share, YYYY-MM-DD for a day. Read again it is the same. */
  text: string;
  /** Words that stand in it, such as «процентов» and «мая». */
  words: string[];
}

const grouped = String.raw`\d{1,3}(?:[ \u00a0\u202f\u2009’']\d{3})+(?:[.,]\d{1,2})?`;
const groupedByCommas = String.raw`[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,4})?`;
const groupedByPoints = String.raw`[1-9]\d{0,2}(?:\.\d{3})+,\d{1,2}`;
const plain = String.raw`\d{1,15}(?:[.,]\d{1,6})?`;
const scales: [pattern: string, factor: number][] = [
  [String.raw`тыс\.?|тысяч\p{L}{0,3}|thousand`, 1e3],
  [String.raw`млн\.?|миллион\p{L}{0,3}|million|mln`, 1e6],
  [String.raw`млрд\.?|миллиард\p{L}{0,3}|billion|bn`, 1e9],
];
const scale = scales.map(([pattern]) => pattern).join('|');
const inBrackets = String.raw`(?:\s?\([^()\n]{1,60}\))?`;
const share = String.raw`%|процент\p{L}{0,3}|проц\.|per\s?cent|percent`;
const currency = String.raw`руб|коп|₽|р\.|€|\$|£|usd|eur|rub|dollars?|euros?|roubles?|долл|евро`;
const amount = new RegExp(
  String.raw`(?<![\p{L}\p{N}]|\p{N}[.,/‐‑–-]|\p{L}[/‐‑-])(${grouped}|${groupedByCommas}|${groupedByPoints}|${plain})` +
    String.raw`(?![\p{L}\p{Nd}]|[./‐‑-][\p{L}\p{N}]|,\d)(?:${inBrackets}\s?(?:(${scale})(?!\p{L})|(${share})(?!\p{L})))?`,
  'giu',
);
/** «п. 1,2»: a list of points, not a number with a fraction. */
const listed = /(?:(?<!\p{L})(?:п|пп|ст|ч|гл|разд|подп)\.?|пункт\p{L}{0,3}|стать\p{L}{1,3}|част\p{L}{1,3}|[№§,])\s?$/iu;
const moneyBefore = /[$€£₽]\s?$/u;
const moneyBehind = new RegExp(String.raw`^${inBrackets}\s?(?:${currency})`, 'iu');
/** «500.000 рублей» */
const groupedByPoint = /^[1-9]\d{0,2}\.\d{3}$/;
/** No clause has a number like it. */
const largeFraction = /^\d{4,}\.\d{1,4}$|^\d+\.00$/;

/** The figures of a text that have another form than they are written in, and its days; in order, without overlap. */
export function figuresIn(text: string): Figure[] {
  if (!/\d/.test(text)) return [];
  const days = datesIn(text).map(({ date, start, end }) => ({
    ...{ start, end, text: date, words: text.slice(start, end).match(/\p{L}{2,}/gu) ?? [] },
  }));
  const amounts = Array.from(text.matchAll(amount), (match) => readAmount(text, match)).filter(
    (one) => one !== undefined,
  );
  const found: Figure[] = [];
  // The first day that may reach into what comes now: looking at all of them takes the square of their number.
  let near = 0;
  for (const figure of [...days, ...amounts].toSorted((a, b) => a.start - b.start)) {
    while ((days[near]?.end ?? Number.POSITIVE_INFINITY) <= figure.start) near += 1;
    if ((found.at(-1)?.end ?? 0) <= figure.start && !overlapsDay(days, near, figure)) found.push(figure);
  }
  return found;
}

function overlapsDay(days: readonly Figure[], from: number, figure: Figure): boolean {
  for (let at = from; ; at += 1) {
    const day = days[at];
    if (!day || day.start >= figure.end) return false;
    if (day !== figure && figure.start < day.end) return true;
  }
}

function readAmount(text: string, match: RegExpExecArray): Figure | undefined {
  const [whole, written = '', scaled, shared] = match;
  const start = match.index;
  const end = start + whole.length;
  const isPlain = /^\d+(?:\.\d+)?$/.test(written);
  if (isPlain && scaled === undefined && shared === undefined) {
    if (!written.includes('.')) return undefined;
    const isMoney =
      moneyBefore.test(text.slice(Math.max(0, start - 2), start)) || moneyBehind.test(text.slice(end, end + 80));
    if (!isMoney && !largeFraction.test(written)) return undefined;
    if (isMoney && groupedByPoint.test(written)) return { start, end, text: written.replace('.', ''), words: [] };
  }
  if (/^\d+,\d+$/.test(written) && shared === undefined && listed.test(text.slice(Math.max(0, start - 12), start)))
    return undefined;
  const factor =
    scaled === undefined
      ? 1
      : (scales.find(([pattern]) => new RegExp(`^(?:${pattern})$`, 'iu').test(scaled))?.[1] ?? 1);
  const value = toPlain(written, factor);
  return {
    start,
    end,
    text: shared === undefined ? value : `${value}%`,
    words: whole.slice(written.length).match(/\p{L}{2,}/gu) ?? [],
  };
}

/** Without groups and idle zeros, times the factor, with a point before the fraction. */
function toPlain(written: string, factor: number): string {
  const fraction = /[.,](\d{1,6})$/.exec(written)?.[1] ?? '';
  const isFraction = fraction !== '' && !(fraction.length === 3 && /^[1-9]\d{0,2}(?:,\d{3})+$/.test(written));
  const digits = (isFraction ? written.slice(0, -fraction.length - 1) : written).replaceAll(/\D/g, '');
  // By digits, as a float would not give 1,005 times 1,000 exactly.
  const places = Math.round(Math.log10(factor));
  const padded = (isFraction ? fraction : '').padEnd(places, '0');
  const before = (digits + padded.slice(0, places)).replace(/^0+(?=\d)/, '');
  const behind = padded.slice(places).replace(/0+$/, '');
  return behind === '' ? before : `${before}.${behind}`;
}
