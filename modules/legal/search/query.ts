import { unitKey } from '../index/vectors/index.ts';
import { isPutting, type Sought } from '../question/index.ts';
import { type LegalReference, legalThesaurus, type Notion } from '../text/index.ts';
import { notionsOf } from './notions.ts';

/** What is looked for, once the words that only name a document are gone. */
export interface Query {
  /** Its words without those that name a document. */
  text: string;
  /** Distinct stems of its words, with how much each counts. */
  own: ReadonlyMap<string, number>;
  notions: readonly Notion[];
  /** Keys of the legal units that it names by number. */
  units: readonly string[];
  /** Stems of what it puts in quotation marks, in order. */
  quoted: readonly (readonly string[])[];
}

/** What words such as «сколько» and "how long" count against the others. */
const putWeight = 0.2;
/** Kinds that have a number of their own in headings; a point is looked for within its article. */
const numbered: ReadonlySet<LegalReference['kind']> = new Set(['article', 'section', 'clause', 'chapter', 'annex']);

/** @param naming stems that name a document and say nothing about what is asked */
export function queryOf({ text, words, references, quoted }: Sought, naming: ReadonlySet<string>): Query {
  const byNumber = references.filter(({ kind }) => numbered.has(kind));
  const asked = byNumber.length > 0 ? byNumber : references.filter(({ number }) => /\d\.\d/.test(number));
  const kept = words.filter((word) => !word.stems.some((stem) => naming.has(stem)));
  const own = new Map(kept.flatMap((word) => word.stems.map((stem) => [stem, isPutting(stem) ? putWeight : 1])));
  return {
    text: kept.map(({ start, end }) => text.slice(start, end)).join(' '),
    own,
    notions: notionsOf([...own.keys()], legalThesaurus()),
    units: [...new Set(asked.map(unitKey))],
    quoted: quoted.filter((phrase) => phrase.length > 1 && !phrase.every((stem) => naming.has(stem))),
  };
}

/** Every stem that a chunk may be found by: the question's own and those of its notions. */
export const searchedStems = ({ own, notions }: Query): Set<string> => new Set([...own.keys(), ...notions.flat(2)]);

/** All stems of the wordings that a question may have in a document, and the keys of the units it names. */
export function expansionsOf({ notions, units }: Query): string[] {
  return [...new Set([...units, ...notions.flat(2)])];
}
