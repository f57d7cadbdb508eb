import type { Language } from '../app/language.tsx';

const units = { en: ['B', 'KB', 'MB', 'GB', 'TB'], ru: ['Б', 'КБ', 'МБ', 'ГБ', 'ТБ'] };
const STEP = 1024;

/** Bytes are whole, larger units have one decimal. */
const formats = (language: Language) =>
  [0, 1].map((maximumFractionDigits) => new Intl.NumberFormat(language, { maximumFractionDigits }));
const numbers = { en: formats('en'), ru: formats('ru') };

/** "3.4 MB", "3,4 МБ". */
export function formatBytes(language: Language, bytes: number): string {
  const power = bytes < STEP ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(STEP)), units.en.length - 1);
  const number = numbers[language][power === 0 ? 0 : 1]?.format(bytes / STEP ** power);
  return `${number} ${units[language][power]}`;
}
