export { datesIn } from './dates.ts';
export { detectLanguage } from './detect-language.ts';
export type { Span } from './span.ts';
export { askedStems, askedStemsOf, isFigureStem, stems } from './stems.ts';
export { words } from './words.ts';
