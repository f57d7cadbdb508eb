import type { DocumentName, Naming } from './named-documents.ts';
import { namedDocuments } from './named-documents.ts';
import type { ReadQuestion } from './question.ts';

/** Where to look, and which of the question's words only say so. */
export interface SearchScope {
  /** Undefined: everywhere. */
  documentIds?: string[];
  naming: ReadonlySet<string>;
  /** Whether these are the documents that the question names; other ones come behind. */
  isNamed: boolean;
}

/**
 * Narrows a search to the documents that the question names, by the code or law it speaks of or by title and parties,
 * among those that the filters allow.
 */
export function searchScope(
  { words, codes, isTerm }: ReadQuestion,
  documents: readonly DocumentName[],
  allowed: ReadonlySet<string> | undefined,
): SearchScope {
  const inReach = allowed ? documents.filter(({ id }) => allowed.has(id)) : documents;
  const ofCodes =
    codes.size === 0 ? [] : inReach.filter((document) => [...codes].some((code) => document.codes.has(code)));
  const naming: Naming | undefined = namedDocuments(words, ofCodes.length > 0 ? ofCodes : inReach, isTerm);
  const base = allowed && { documentIds: [...allowed] };
  if (naming) return { documentIds: naming.documentIds, naming: naming.words, isNamed: true };
  if (ofCodes.length > 0) return { documentIds: ofCodes.map(({ id }) => id), naming: new Set(), isNamed: true };
  return { ...base, naming: new Set(), isNamed: false };
}
