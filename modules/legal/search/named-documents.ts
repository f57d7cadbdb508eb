import type { QuestionWord } from '../question/index.ts';
import { type AskedParty, isSameParty, type NamedParty, stems } from '../text/index.ts';
import { idf } from './bm25.ts';

/** What a document is called by. */
export interface DocumentName {
  id: string;
  /** Stems of what its title and its first lines write large. */
  names: ReadonlySet<string>;
  /** The part of them that stands in its title and description. */
  title: ReadonlySet<string>;
  /** Stems of all words of its title and description. */
  called: ReadonlySet<string>;
  /** Codes and laws («ТК», «152-ФЗ») that its title or first lines name. */
  codes: ReadonlySet<string>;
  /** Firms and entrepreneurs that its title or first lines name; none of a list of many. */
  parties: readonly NamedParty[];
}

export interface Naming {
  documentIds: string[];
  /** Stems that name them and say nothing about what is asked. */
  words: ReadonlySet<string>;
}

/** A name that more documents bear than these tells no document from another. */
const mostSharing = 10;
const largestShare = 0.1;
/** Documents that are named about as well as the best one are meant as well. */
const aboutAsWell = 0.9;
const mostNamed = 5;

/**
 * The documents that a question names, by its rare words that stand in their titles and first lines: «in the lease
 * between Acme and Smith». One such word of a title is enough, or two of the first lines, or of a question that writes
 * everything small; terms of law («the Tenant») are no names, and only help to tell. Undefined when it names none,
 * or when nothing would be left to ask.
 */
export function namedDocuments(
  question: readonly QuestionWord[],
  documents: readonly DocumentName[],
  isTerm: (stem: string) => boolean,
): Naming | undefined {
  const asked = new Set(question.flatMap(({ stems }) => stems));
  const written = new Set(question.filter(({ isName }) => isName).flatMap(({ stems }) => stems));
  // Who writes everything small may still name a document.
  const names = written.size > 0 ? written : asked;
  const frequencies = new Map<string, number>();
  for (const { names: own } of documents) {
    for (const name of names) if (own.has(name)) frequencies.set(name, (frequencies.get(name) ?? 0) + 1);
  }
  const rare = Math.max(1, Math.min(mostSharing, documents.length * largestShare));
  const tells = (name: string) => !isTerm(name) && (frequencies.get(name) as number) <= rare;
  const scored = documents.flatMap((document) => {
    const shared = [...names].filter((name) => document.names.has(name));
    const telling = shared.filter(tells);
    const inTitle = telling.some((name) => document.title.has(name));
    if (telling.length < (inTitle && written.size > 0 ? 1 : 2)) return [];
    const score = shared.reduce((sum, name) => sum + idf(frequencies.get(name) as number, documents.length), 0);
    return [{ document, shared, score }];
  });
  const best = Math.max(...scored.map(({ score }) => score));
  const named = scored.filter(({ score }) => score >= aboutAsWell * best);
  if (named.length === 0 || named.length > mostNamed) return undefined;
  const words = new Set(named.flatMap(({ shared }) => shared));
  if ([...asked].every((stem) => words.has(stem))) return undefined;
  return { documentIds: named.map(({ document }) => document.id), words };
}

/** The documents whose parties a question names. */
export const documentsOfParties = (
  asked: readonly AskedParty[],
  documents: readonly DocumentName[],
): readonly DocumentName[] => {
  const exact = documents.filter(({ parties }) =>
    asked.every((one) => parties.some((party) => isSameParty(one, party))),
  );
  if (exact.length > 0) return exact;
  return documents.filter(({ names }) =>
    asked.every((one) => one.isLoose && stems(one.name).every((stem) => names.has(stem))),
  );
};

/** Stems of a title, the parts of its designations each. */
export const titleWords = (title: string): Set<string> =>
  new Set(stems(title.replaceAll(/[_.-]/g, ' ')).filter((stem) => !/[-/]/.test(stem)));

/** A title of one word («Договор») names nothing, nor does one of terms alone («Договор аренды»). */
const leastOfTitle = 2;

/** Replaced versions whose whole title a question repeats, unless a document in use is called so too. */
export function replacedDocuments(
  question: string,
  replaced: readonly { id: string; title: ReadonlySet<string> }[],
  documents: readonly DocumentName[],
  isTerm: (stem: string) => boolean,
): string[] {
  if (replaced.length === 0) return [];
  const asked = titleWords(question);
  const tells = (title: ReadonlySet<string>) => title.size >= leastOfTitle && [...title].some((stem) => !isTerm(stem));
  return replaced
    .filter(({ title }) => title.isSubsetOf(asked) && tells(title))
    .filter(({ title }) => !documents.some(({ called }) => title.isSubsetOf(called)))
    .map(({ id }) => id);
}
