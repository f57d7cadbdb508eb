export { detectLanguage } from './detect-language.ts';
export { codesIn } from './legal-codes.ts';
export { questionWords } from './question-words.ts';
export {
  headingReference,
  isSameReference,
  type LegalReference,
  referencesIn,
} from './references.ts';
export { type Span, sentences } from './sentences.ts';
export { stems } from './stems.ts';
export { legalThesaurus, type Notion, type Thesaurus } from './thesaurus.ts';
export { translateTerms } from './translate-terms.ts';
export { words } from './words.ts';
