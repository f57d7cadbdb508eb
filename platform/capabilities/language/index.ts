export { detectLanguage } from './detect-language.ts';
export { type Span, sentences } from './sentences.ts';
export { stems } from './stems.ts';
export { words } from './words.ts';
