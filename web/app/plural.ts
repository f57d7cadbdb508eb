import type { Language } from './language.tsx';

/** Forms by the categories of `Intl.PluralRules`: English has one and other, Russian one, few, many and other. */
export type PluralForms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

const rules = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') };
const numbers = { en: new Intl.NumberFormat('en'), ru: new Intl.NumberFormat('ru') };

/** "1,243 documents", "21 документ": the number as the language writes it, and the form that goes with it. */
export function plural(language: Language, count: number, forms: PluralForms): string {
  return `${formatNumber(language, count)} ${forms[rules[language].select(count)] ?? forms.other}`;
}

export function formatNumber(language: Language, value: number): string {
  return numbers[language].format(value);
}
