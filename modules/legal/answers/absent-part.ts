import type { LegalReference } from '../text/index.ts';
import { isAbout } from './extractive/rank-sentences.ts';
import { numberedParts } from './extractive/rows-and-parts.ts';

/** An article that is there without a part or point that a question asks for. */
export interface AbsentPart {
  article: LegalReference;
  kind: 'part' | 'point';
  /** Of the part or point that is asked for. */
  number: string;
  /** Parts or points that it has: as many, counted from 1. */
  count: number;
}

const articles: ReadonlySet<LegalReference['kind']> = new Set(['article', 'section', 'clause']);
/** A longer article is several passages, of which some may be missing. */
const largestWhole = 6000;

/**
 * What is missing where a question, by its references, names a part of an article («ст. 15 ч. 7», "Article 15(7)") that does not have it. Only told of
 * an article that is whole among the passages and whose parts are numbered.
 */
export function absentPart(
  references: readonly LegalReference[],
  passages: readonly { title: string; heading: string; text: string }[],
): AbsentPart | undefined {
  const named = references.filter(({ kind }) => articles.has(kind));
  const [article] = named;
  const asked = references.find(({ kind }) => kind === 'part') ?? references.find(({ kind }) => kind === 'point');
  if (named.length !== 1 || !article || !asked || !/^\d{1,3}$/.test(asked.number)) return undefined;
  const about = passages.filter((passage, number) => isAbout({ ...passage, number }, article));
  if (about.length === 0 || about.some(({ text }) => text.length > largestWhole)) return undefined;
  const counts = about.map(({ text }) => numberedParts(text).length);
  const count = Math.max(...counts);
  if (count < 2 || Number(asked.number) <= count) return undefined;
  return { article, kind: asked.kind as AbsentPart['kind'], number: asked.number, count };
}
