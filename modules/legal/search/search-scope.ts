import type { Sought } from '../question/index.ts';
import { type AskedParty, legalThesaurus, stems } from '../text/index.ts';
import { type DocumentName, documentsOfParties, type Naming, namedDocuments } from './named-documents.ts';

/** Where to look, and which of the question's words only say so. */
export interface SearchScope {
  /** Undefined: everywhere. */
  documentIds?: string[];
  naming: ReadonlySet<string>;
  /** Whether these are the documents that the question names; other ones come behind. */
  isNamed: boolean;
  /** They are named by their parties: no other document answers for them. */
  isExact?: boolean;
  /** Parties that the question names and no document's beginning does. */
  unknownParties?: readonly AskedParty[];
}

/**
 * Narrows a search to the documents that the question names, by the code or law it speaks of or by title and parties,
 * among those that the filters allow.
 */
export function searchScope(
  { words, codes, parties }: Sought,
  documents: readonly DocumentName[],
  allowed: ReadonlySet<string> | undefined,
): SearchScope {
  const inReach = allowed ? documents.filter(({ id }) => allowed.has(id)) : documents;
  const ofCodes =
    codes.size === 0 ? [] : inReach.filter((document) => [...codes].some((code) => document.codes.has(code)));
  const naming: Naming | undefined = namedDocuments(
    words,
    ofCodes.length > 0 ? ofCodes : inReach,
    legalThesaurus().isTerm,
  );
  if (parties.length > 0) {
    const concluded = documentsOfParties(parties, inReach);
    if (concluded.length === 0)
      return { ...(allowed && { documentIds: [...allowed] }), ...nothingNamed, unknownParties: parties };
    const ofParties = concluded.map(({ id }) => id);
    // Of several contracts of a party the question may name one by its other words.
    const closer = naming?.documentIds.every((id) => ofParties.includes(id)) ? naming : undefined;
    const documentIds = closer?.documentIds ?? ofParties;
    const words = closer?.words;
    return { documentIds, naming: new Set([...wordsOf(parties), ...(words ?? [])]), isNamed: true, isExact: true };
  }
  const base = allowed && { documentIds: [...allowed] };
  if (naming) return { documentIds: naming.documentIds, naming: naming.words, isNamed: true };
  if (ofCodes.length > 0) return { documentIds: ofCodes.map(({ id }) => id), naming: new Set(), isNamed: true };
  return { ...base, ...nothingNamed };
}

const nothingNamed = { naming: new Set<string>(), isNamed: false };

/** Stems of the names with their forms. */
export const wordsOf = (parties: readonly AskedParty[]): string[] => parties.flatMap(({ written }) => stems(written));
