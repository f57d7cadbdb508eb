import { type Notion, type Thesaurus, translateTerms } from '../text/index.ts';

/**
 * What a question may be called in a document: the thesaurus' wordings of law, the legal terms of the other language, and other
 * words of its own language that share a translation with it («контракт» and «договор» are both "contract").
 */
export function notionsOf(questionStems: readonly string[], thesaurus: Thesaurus): Notion[] {
  const asked = new Set(questionStems);
  const isNew = (wording: readonly string[]) => !wording.every((stem) => asked.has(stem));
  const translated = translateTerms(questionStems);
  const synonyms = translated.map(({ wordings }) => wordings.flatMap(translationsOf).filter(isNew));
  return [...thesaurus.notions(questionStems), ...translated.map(({ wordings }) => wordings), ...synonyms].filter(
    (notion) => notion.length > 0,
  );
}

/** Counterparts of a term as a whole, not of the shorter ones in it. */
const translationsOf = (term: readonly string[]): readonly (readonly string[])[] =>
  translateTerms(term).flatMap(({ covers, wordings }) => (covers.length === term.length ? wordings : []));
