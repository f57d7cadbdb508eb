import { type Unit, unitOf } from '../../../db/units.ts';
import type { Language } from '../../../platform/kernel/problem.ts';

/** The same in both languages. */
export type Words = Record<Language, string>;

const plurals = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };
const categories = { ru: ['one', 'few', 'many'], en: ['one', 'other'] };
const periods = { day: { ru: 'в сутки', en: 'a day' }, month: { ru: 'в месяц', en: 'a month' } };

const inBoth = (word: (language: Language) => string): Words => ({ ru: word('ru'), en: word('en') });

/** The form of a unit's noun after a number: `вопроса` after 2. */
function formOf({ words }: Unit, amount: number, language: Language): string {
  const { forms } = words[language];
  return forms[categories[language].indexOf(plurals[language].select(amount))] ?? (forms.at(-1) as string);
}

/** `5 вопросов`, `1 question`; with a period `5 вопросов в сутки`. */
export function amountOf(name: string, amount: number, period?: 'day' | 'month'): Words {
  const unit = unitOf(name);
  return inBoth((language) =>
    [amount, formOf(unit, amount, language), ...(period ? [periods[period][language]] : [])].join(' '),
  );
}

/** `вопросов`, `questions`: as many as there may be, or none. */
export const manyOf = (name: string): Words =>
  inBoth((language) => unitOf(name).words[language].forms.at(-1) as string);

/** Titles of a limit, as in `GET /api/limits`. */
export const titleOf = (name: string): Words => inBoth((language) => unitOf(name).words[language].name);
