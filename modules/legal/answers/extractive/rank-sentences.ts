import {
  detectLanguage,
  headingReference,
  isFigureStem,
  isSameReference,
  type LegalReference,
  referencesIn,
  type Span,
} from '../../text/index.ts';
import type { NumberedPassage } from '../contract.ts';
import { type Asked, hasFigure } from './asked.ts';
import { type Concept, isThere, stemSet } from './concepts.ts';
import { matchStrength } from './match-stems.ts';
import { quotableSpans } from './quotable-spans.ts';
import { numberedPart, rowsAmong } from './rows-and-parts.ts';

export interface RankedSentence {
  passage: NumberedPassage;
  text: string;
  score: number;
  /** Share of the question's weight, 0 to 1, that the sentence holds together with what stands around it. */
  coverage: number;
  /** The same of its words alone, without figures; 1 when it has none. */
  wordCoverage: number;
  /** A row of a table. */
  isRow: boolean;
  stems: ReadonlySet<string>;
}

/** How much a concept counts that stands in the sentence before or behind, in the heading, or elsewhere in the passage. */
const adjacent = 0.6;
const above = 0.5;
const nearby = 0.2;
/** Share of a title's words that a question must have for it to name the document. */
const namingShare = 0.6;
const otherDocument = 0.5;
const headingPenalty = 0.5;
const withFigure = 1.2;

/** What is rare among fewer sentences than these is not known to be rare. */
const fewSentences = 60;
/** How much of what stands around a sentence counts for its place. */
const spill = 0.5;
/** How much another wording adds that stands there as well. */
const further = 0.5;
/** Of a word in another language than the passages, for which the dictionary has no term: that it is missing says little. */
const lostImportance = 0.2;

interface ReadPassage {
  passage: NumberedPassage;
  title: ReadonlySet<string>;
  heading: ReadonlySet<string>;
  sentences: { text: string; stems: ReadonlySet<string>; isRow: boolean; start: number }[];
}

/**
 * The sentences of the passages, those first that the question's concepts point at.
 *
 * A concept weighs the more, the fewer sentences have it (inverse document frequency over the given passages), and most
 * when none has it: that is what the passages miss. A sentence scores the weight of the concepts it has, and part of it
 * for those around it; headings score less, sentences with figures more where one is asked for. Words that name a
 * document («in the lease of …») choose among documents and count for nothing else. The article that a question names
 * weighs like a rare concept.
 */
export function rankSentences(question: Asked, passages: readonly NumberedPassage[]): RankedSentence[] {
  const read = passages.map(readPassage);
  const named = findNamed(question, read);
  const languages = new Set(passages.map(({ text }) => detectLanguage(text)));
  const concepts = question.concepts
    .filter(({ stem }) => !named.words.has(stem))
    .map((concept) => (isLost(concept, languages) ? { ...concept, importance: lostImportance } : concept));
  const count = Math.max(
    fewSentences,
    read.reduce((sum, { sentences }) => sum + sentences.length, 0),
  );
  const scales = concepts.map((concept) => weighWordings(concept, read, count));
  const referenceWeight = rarity(0, count);
  const fullOf = (of: typeof scales) => of.reduce((sum, { full }) => sum + full, 0);
  const total = fullOf(scales) + question.references.length * referenceWeight;
  const totalOfWords = fullOf(scales.filter(({ isFigure }) => !isFigure));
  if (total === 0) return [];

  const ranked = read.flatMap((source) => {
    const rows = source.sentences.map(({ stems }) => scales.map((scale) => scale.weigh(stems)));
    const units = question.references.flatMap((one) => unitAbout(source.passage, one) ?? []);
    const about = units.length * referenceWeight;
    const aboveAll = scales.map(({ weigh }) => above * weigh(source.heading));
    const anywhere = scales.map(({ weigh }, index) =>
      Math.max(weigh(source.title), ...rows.map((row) => row[index] ?? 0)),
    );
    const parts = about > 0 ? partsAsked(question.references, source.passage.text) : [];
    return source.sentences.map(({ text, stems: own, isRow, start }, position): RankedSentence => {
      const isAsked = parts.some((part) => start >= part.start && start < part.end);
      const ofUnit = units.filter((unit) => start >= unit.start && start < unit.end).length * referenceWeight;
      let has = isAsked ? 2 * ofUnit : ofUnit;
      let holds = has;
      let holdsOfWords = 0;
      for (const [index, here] of (rows[position] ?? []).entries()) {
        // A row of a table speaks for itself: what the row above says is not said of it.
        const next = isRow ? 0 : Math.max(rows[position - 1]?.[index] ?? 0, rows[position + 1]?.[index] ?? 0);
        const held = Math.max(here, adjacent * next, aboveAll[index] ?? 0, nearby * (anywhere[index] ?? 0));
        has += here;
        holds += held;
        if (scales[index]?.isFigure === false) holdsOfWords += held;
      }
      let score = has === 0 ? 0 : has + (holds - has) * spill;
      if (question.wantsFigure && hasFigure(text)) score *= withFigure;
      if (looksLikeHeading(text, own)) score *= headingPenalty;
      if (named.passages.size > 0 && !named.passages.has(source.passage)) score *= otherDocument;
      const wordCoverage = totalOfWords === 0 ? 1 : holdsOfWords / totalOfWords;
      return { passage: source.passage, text, score, coverage: holds / total, wordCoverage, isRow, stems: own };
    });
  });
  return ranked.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
}

const isLost = ({ stem, translated }: Concept, languages: ReadonlySet<'ru' | 'en'>): boolean =>
  !translated &&
  ((/\p{Script=Cyrillic}/u.test(stem) && !languages.has('ru')) || (/^[a-z]+$/.test(stem) && !languages.has('en')));

function weighWordings({ stem, wordings, importance }: Concept, read: readonly ReadPassage[], count: number) {
  const sentences = read.flatMap((source) => source.sentences);
  const own =
    importance *
    rarity(
      sentences.reduce((sum, { stems }) => sum + matchStrength(stem, stems), 0),
      count,
    );
  const others = wordings.map((wording) => {
    const frequency = sentences.reduce((sum, { stems }) => sum + (isThere(wording.stems, stems) ? 1 : 0), 0);
    return { stems: wording.stems, weight: importance * wording.strength * rarity(frequency, count) };
  });
  others.sort((a, b) => b.weight - a.weight);
  return {
    full: own,
    isFigure: isFigureStem(stem),
    weigh(present: ReadonlySet<string>): number {
      let best = own * matchStrength(stem, present);
      let second = 0;
      for (const { stems, weight } of others) {
        if (weight <= second) break;
        if (!isThere(stems, present)) continue;
        if (weight > best) [best, second] = [weight, best];
        else second = weight;
      }
      return best + further * second;
    },
  };
}

function readPassage(passage: NumberedPassage): ReadPassage {
  const spans = quotableSpans(passage.text);
  const texts = spans.map(({ start, end }) => passage.text.slice(start, end));
  const rows = rowsAmong(texts);
  const sentences = spans.map(({ start }, index) => {
    const text = texts[index] as string;
    return { text, start, stems: stemSet(text), isRow: rows[index] === true };
  });
  return { passage, title: stemSet(passage.title), heading: stemSet(passage.heading ?? ''), sentences };
}

/** The passages whose title the question repeats most fully, and its words; none if it would ask nothing else. */
function findNamed(question: Asked, read: readonly ReadPassage[]) {
  const asked = new Set([...question.frame, ...question.concepts.map(({ stem }) => stem)]);
  const shares = read.map(({ title }) => {
    const shared = [...title].filter((stem) => asked.has(stem)).length;
    return shared / Math.max(title.size, 1);
  });
  const highest = Math.max(namingShare, ...shares);
  const named = read.filter((_, index) => shares[index] === highest);
  const words = new Set(named.flatMap(({ title }) => [...title]));
  const asksMore = question.concepts.some(({ stem }) => !words.has(stem));
  return asksMore
    ? { words, passages: new Set(named.map(({ passage }) => passage)) }
    : { words: new Set<string>(), passages: new Set<NumberedPassage>() };
}

const rarity = (frequency: number, sentences: number) => Math.log(1 + (sentences + 0.5) / (frequency + 0.5));

const looksLikeHeading = (text: string, own: ReadonlySet<string>) => own.size < 4 || !/[.;:,!?»"”)]$/u.test(text);

/** Where the parts and points stand that are asked for next to their article. */
const partsAsked = (references: readonly LegalReference[], text: string): Span[] =>
  references
    .filter(({ kind }) => kind === 'part' || kind === 'point')
    .map(({ number }) => numberedPart(text, number))
    .filter((part) => part !== undefined);

/**
 * Where a unit in question stands in a passage: from its own line to that of the next unit of its kind, else all of a passage
 * whose title or heading names it. Undefined where it is not there.
 */
function unitAbout(passage: NumberedPassage, asked: LegalReference): Span | undefined {
  if (!isAbout(passage, asked)) return undefined;
  let unit: Span | undefined;
  for (const match of passage.text.matchAll(/^[ \t]*(\p{L}[^\n]{3,80})/gmu)) {
    const reference = headingReference(match[1] as string);
    if (reference?.kind !== asked.kind) continue;
    if (unit) return { ...unit, end: match.index };
    if (isSameReference(asked, reference)) unit = { start: match.index, end: passage.text.length };
  }
  return unit ?? { start: 0, end: passage.text.length };
}

/** Whether the title, the heading, or a line that begins with the number, says that this is the article in question. */
export function isAbout({ title, heading = '', text }: NumberedPassage, asked: LegalReference): boolean {
  const named = [...referencesIn(title), ...referencesIn(heading), ...heading.split(' › ').map(headingReference)];
  if (named.some((reference) => reference && isSameReference(asked, reference))) return true;
  return text.split('\n').some((line) => {
    const reference = headingReference(line.trimStart());
    return reference !== undefined && isSameReference(asked, reference);
  });
}
