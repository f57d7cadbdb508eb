import type { VectorQuery } from './contract.ts';

/** Most candidates that each of the lists may hold. */
const mostCandidates = 4096;

/** How many candidates each list gives to the fusion: enough that what both hold a little lower can still win. */
export const candidatesFor = ({ limit }: VectorQuery): number => Math.min(mostCandidates, Math.max(100, limit));

/** Whether a query can have no hits whatever the index holds. */
export const isVoid = ({ limit, documentIds }: VectorQuery): boolean => limit < 1 || documentIds?.length === 0;

/** Stems that are searched for of a question's own, and of those next to them; a pasted page is cut here. */
const mostQueryStems = 64;

export const distinctStems = (stems: readonly string[]): string[] => [...new Set(stems)].slice(0, mostQueryStems);

/** The stems to look for next to the question's own. */
export const expansionStems = ({ expansions = [] }: VectorQuery, own: readonly string[]): string[] =>
  distinctStems(expansions.filter((stem) => !own.includes(stem)));
