export {
  askedStems,
  askedStemsOf,
  datesIn,
  detectLanguage,
  isFigureStem,
  type Span,
  stems,
  words,
} from '../../text/index.ts';
export { nearestWord } from './edit-distance.ts';
export { codesIn } from './legal-codes.ts';
export { type AskedParty, isSameParty, type NamedParty, partiesAskedFor, partiesNamedIn } from './named-parties.ts';
export {
  headingReference,
  isSameReference,
  type LegalReference,
  locateReferences,
  referencesIn,
} from './references.ts';
export { sentences } from './sentences.ts';
export { legalThesaurus, type Notion, type Thesaurus } from './thesaurus.ts';
export { joinTornWords } from './torn-words.ts';
export { translateTerms } from './translate-terms.ts';
