import type { Language } from '../app/language.tsx';

const KOPECKS = 100;

const formats = Object.fromEntries(
  (['en', 'ru'] as const).map((language) => [
    language,
    new Intl.NumberFormat(language, { style: 'currency', currency: 'RUB', trailingZeroDisplay: 'stripIfInteger' }),
  ]),
) as Record<Language, Intl.NumberFormat>;

/** An amount in kopecks as roubles: 500000 gives "5 000 ₽". */
export const formatMoney = (language: Language, kopecks: number): string => formats[language].format(kopecks / KOPECKS);
