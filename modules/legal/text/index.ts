export { datesIn } from './dates.ts';
export { detectLanguage } from './detect-language.ts';
export { nearestWord } from './edit-distance.ts';
export { codesIn } from './legal-codes.ts';
export { type AskedParty, isSameParty, type NamedParty, partiesAskedFor, partiesNamedIn } from './named-parties.ts';
export { questionWords } from './question-words.ts';
export {
  headingReference,
  isSameReference,
  type LegalReference,
  locateReferences,
  referencesIn,
} from './references.ts';
export { type Span, sentences } from './sentences.ts';
export { askedStems, isFigureStem, stems } from './stems.ts';
export { legalThesaurus, type Notion, type Thesaurus } from './thesaurus.ts';
export { joinTornWords } from './torn-words.ts';
export { translateTerms } from './translate-terms.ts';
export { words } from './words.ts';
