import { type NotifiedLimit, wordsOf } from '../commerce/letters.ts';

/** Writes figures and times as readers of a language do. Times are in UTC, as the periods of all limits are. */
export function amountsIn(locale: 'ru-RU' | 'en-GB') {
  const language = locale === 'ru-RU' ? 'ru' : 'en';
  const currency = { style: 'currency', currency: 'RUB', currencyDisplay: 'narrowSymbol' } as const;
  const roubles = new Intl.NumberFormat(locale, currency);
  const short = new Intl.NumberFormat(locale, { ...currency, trailingZeroDisplay: 'stripIfInteger' });
  const exact = (kopecks: number) =>
    `${Math.trunc(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')}` as `${number}`;
  const count = new Intl.NumberFormat(locale);
  const size = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return {
    /** @param kopecks whole */
    roubles: (kopecks: number) => roubles.format(exact(kopecks)),
    /** Without kopecks where there are none. */
    price: (kopecks: number) => short.format(exact(kopecks)),
    amount(what: NotifiedLimit, value: number) {
      const { shownAs } = wordsOf(what, language);
      return shownAs ? `${size.format(value / shownAs.divisor)} ${shownAs[language].measure}` : count.format(value);
    },
    limit: (what: NotifiedLimit) => wordsOf(what, language).title,
    time: (iso: string) => `${time.format(new Date(iso))} UTC`,
    day: (iso: string) => day.format(new Date(iso)),
  };
}
