import { unitKey } from '../index/vectors/index.ts';
import {
  type AskedParty,
  codesIn,
  type LegalReference,
  type Notion,
  partiesAskedFor,
  questionWords as putWords,
  referencesIn,
  stems,
  type Thesaurus,
} from '../text/index.ts';
import { type QuestionWord, questionWords } from './names.ts';
import { notionsOf } from './notions.ts';

/** What is looked for, once the words that only name a document are gone. */
export interface Question {
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

export interface ReadQuestion {
  words: QuestionWord[];
  /** Codes and laws that it names, with or without an article. */
  codes: ReadonlySet<string>;
  /** Parties of the contract that it is about. */
  parties: readonly AskedParty[];
  /** Whether a stem is a term rather than a name. */
  isTerm(stem: string): boolean;
  /** The question without the given stems, which name a document. */
  without(naming: ReadonlySet<string>): Question;
}

/** What words such as «сколько» and "how long" count against the others. */
const putWeight = 0.2;
const inQuotes = /«([^»]{2,300})»|“([^”]{2,300})”|"([^"]{2,300})"/gu;
/** Kinds that have a number of their own in headings; a point is looked for within its article. */
const numbered: ReadonlySet<LegalReference['kind']> = new Set(['article', 'section', 'clause', 'chapter', 'annex']);

export function createQuestionReader(thesaurus: Thesaurus): (question: string) => ReadQuestion {
  const putting = putWords();
  return (question) => {
    const words = questionWords(question);
    const references = referencesIn(question);
    const codes = new Set(codesIn(question).flatMap(({ code, certain }) => (certain ? [code] : [])));
    for (const { code } of references) if (code !== undefined) codes.add(code);
    const quoted = Array.from(question.matchAll(inQuotes), (match) => stems(match[1] ?? match[2] ?? match[3] ?? ''));
    const byNumber = references.filter(({ kind }) => numbered.has(kind));
    const asked = byNumber.length > 0 ? byNumber : references.filter(({ number }) => /\d\.\d/.test(number));
    return {
      words,
      codes,
      parties: partiesAskedFor(question),
      isTerm: thesaurus.isTerm,
      without(naming) {
        const kept = words.filter((word) => !word.stems.some((stem) => naming.has(stem)));
        const own = new Map(
          kept.flatMap((word) => word.stems.map((stem) => [stem, putting.has(stem) ? putWeight : 1])),
        );
        return {
          text: kept.map(({ start, end }) => question.slice(start, end)).join(' '),
          own,
          notions: notionsOf([...own.keys()], thesaurus),
          units: [...new Set(asked.map(unitKey))],
          quoted: quoted.filter((phrase) => phrase.length > 1 && !phrase.every((stem) => naming.has(stem))),
        };
      },
    };
  };
}

/** Every stem that a chunk may be found by: the question's own and those of its notions. */
export const searchedStems = ({ own, notions }: Question): Set<string> => new Set([...own.keys(), ...notions.flat(2)]);

/** All stems of the wordings that a question may have in a document, and the keys of the units it names. */
export function expansionsOf({ notions, units }: Question): string[] {
  return [...new Set([...units, ...notions.flat(2)])];
}
