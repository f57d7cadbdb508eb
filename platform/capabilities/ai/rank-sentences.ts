import { stems } from '../language/index.ts';
import type { NumberedPassage } from './contract.ts';
import { matchStrength } from './match-stems.ts';
import { hasFigure, type Question, referencesIn } from './question.ts';
import { quotableSpans } from './quotable-spans.ts';

export interface RankedSentence {
  passage: NumberedPassage;
  text: string;
  score: number;
  /** Share of the question's weight, 0 to 1, that its passage and the passage's title hold. */
  support: number;
}

/** Share of a word's weight that a sentence gets when the word stands elsewhere in its passage or title. */
const nearby = 0.2;
/** Share of a title's words that a question must have for it to name the document. */
const namingShare = 0.6;
const otherDocument = 0.5;
const heading = 0.5;
const withFigure = 1.2;

interface ReadPassage {
  passage: NumberedPassage;
  title: ReadonlySet<string>;
  all: Set<string>;
  sentences: { text: string; stems: ReadonlySet<string> }[];
}

/**
 * The sentences of the passages, those first that the question's words point at.
 *
 * A word weighs the more, the fewer sentences have it (inverse document frequency over the given passages), and most
 * when none has it: that is what the passages miss. A sentence scores the weight of the words it has; headings score
 * less, sentences with figures more where one is asked for. Words that name a document («in the lease of …») choose
 * among documents and count for nothing else. The article that a question names weighs like a rare word.
 */
export function rankSentences(question: Question, passages: readonly NumberedPassage[]): RankedSentence[] {
  const read = passages.map(readPassage);
  const named = findNamed(question, read);
  const content = question.stems.filter((stem) => !named.words.has(stem));
  const sentences = read.flatMap((passage) => passage.sentences);
  const weights = new Map(
    content.map((stem) => {
      const frequency = sentences.reduce((sum, sentence) => sum + matchStrength(stem, sentence.stems), 0);
      return [stem, rarity(frequency, sentences.length)];
    }),
  );
  const referenceWeight = rarity(0, sentences.length);
  const total = sumOf(weights.values()) + question.references.length * referenceWeight;

  const ranked = read.flatMap((source) => {
    const about = question.references.filter((number) => isAbout(source.passage, number)).length * referenceWeight;
    const surroundings = new Set([...source.all, ...source.title]);
    const holds = about + weightIn(surroundings, weights);
    return source.sentences.map(({ text, stems: own }): RankedSentence => {
      const has = about + weightIn(own, weights);
      let score = has === 0 ? 0 : has + nearby * (holds - has);
      if (question.wantsFigure && hasFigure(text)) score *= withFigure;
      if (looksLikeHeading(text, own)) score *= heading;
      if (named.passages.size > 0 && !named.passages.has(source.passage)) score *= otherDocument;
      return { passage: source.passage, text, score, support: total === 0 ? 0 : holds / total };
    });
  });
  return ranked.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
}

function readPassage(passage: NumberedPassage): ReadPassage {
  const sentences = quotableSpans(passage.text).map(({ start, end }) => {
    const text = passage.text.slice(start, end);
    return { text, stems: new Set(stems(text)) };
  });
  const all = new Set(sentences.flatMap((sentence) => [...sentence.stems]));
  return { passage, title: new Set(stems(passage.title)), all, sentences };
}

/** The passages whose title the question repeats most fully, and its words; none if it would ask nothing else. */
function findNamed(question: Question, read: readonly ReadPassage[]) {
  const asked = new Set(question.stems);
  const shares = read.map(({ title }) => {
    const shared = [...title].filter((stem) => asked.has(stem)).length;
    return shared / Math.max(title.size, 1);
  });
  const highest = Math.max(namingShare, ...shares);
  const named = read.filter((_, index) => shares[index] === highest);
  const words = new Set(named.flatMap(({ title }) => [...title]));
  const asksMore = question.stems.some((stem) => !words.has(stem));
  return asksMore
    ? { words, passages: new Set(named.map(({ passage }) => passage)) }
    : { words: new Set<string>(), passages: new Set<NumberedPassage>() };
}

const rarity = (frequency: number, sentences: number) => Math.log(1 + (sentences + 0.5) / (frequency + 0.5));

const sumOf = (numbers: Iterable<number>) => [...numbers].reduce((sum, number) => sum + number, 0);

const weightIn = (own: ReadonlySet<string>, weights: ReadonlyMap<string, number>) =>
  sumOf([...weights].map(([stem, weight]) => weight * matchStrength(stem, own)));

const looksLikeHeading = (text: string, own: ReadonlySet<string>) => own.size < 4 || !/[.;:,!?»"”)]$/u.test(text);

/** Whether the title, or a line that begins with the number, says that this is the article in question. */
function isAbout(passage: NumberedPassage, number: string): boolean {
  if (referencesIn(passage.title).includes(number)) return true;
  const digits = number.replaceAll('.', '\\.');
  const unit = '(?:Статья|Пункт|Глава|Article|Section|Clause|Chapter|§)';
  return new RegExp(`^\\s*(?:${unit}\\s*)?${digits}(?!\\d|\\.\\d)`, 'imu').test(passage.text);
}
