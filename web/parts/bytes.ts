import type { Language } from '../app/language.tsx';

const units = { en: ['B', 'KB', 'MB', 'GB', 'TB'], ru: ['Б', 'КБ', 'МБ', 'ГБ', 'ТБ'] };
const STEP = 1024;

/** "3.4 MB", "3,4 МБ". */
export function formatBytes(language: Language, bytes: number): string {
  const power = bytes < STEP ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(STEP)), units.en.length - 1);
  const value = new Intl.NumberFormat(language, { maximumFractionDigits: power === 0 ? 0 : 1 });
  return `${value.format(bytes / STEP ** power)} ${units[language][power]}`;
}
