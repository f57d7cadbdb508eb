import type { Language } from '../../../platform/kernel/problem.ts';

const locales: Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' };

/** Day, month and time as the clocks of a zone show it: `1 декабря в 00:00`, `1 December at 00:00`. */
export const momentIn = (timeZone: string, moment: Date, language: Language): string =>
  new Intl.DateTimeFormat(locales[language], {
    ...{ timeZone, day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' },
  }).format(moment);
