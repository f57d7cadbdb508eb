import {
  type AskedParty,
  codesIn,
  detectLanguage,
  type LegalReference,
  locateReferences,
  partiesAskedFor,
  referencesIn,
  stems,
} from '../text/index.ts';
import { splitFrame } from './question-frame.ts';
import { type QuestionWord, questionWords } from './question-words.ts';
import { scoreComplexity } from './score-complexity.ts';
import { standaloneQuestion, type Turn } from './standalone-question.ts';

/** A question, read once for everyone who has to understand it: the choice of the model, search, refusals and answers. */
export interface ReadQuestion {
  /** As it was put. */
  text: string;
  /** Earlier turns of its conversation, oldest first. */
  history: readonly Turn[];
  /** Language that it is put and answered in. */
  language: 'en' | 'ru';
  /** How demanding it is, from 0 to 10. */
  complexity: number;
  /** Read when first asked for: an answer from the cache does without. */
  readonly meaning: Meaning;
}

/** What a question means behind the earlier turns of its conversation. */
export interface Meaning {
  /** The question, behind the words of an earlier one that say which document is meant when it has none itself. */
  text: string;
  /** Words of earlier questions that it leaves out; empty when it stands alone. */
  carried: string;
  /** Words in front that say which document is meant; empty without. */
  frame: string;
  /** The question behind its frame. */
  rest: string;
  /** The same without the units that it names by number. */
  subject: string;
  /** Articles, sections or clauses that it names itself. */
  references: readonly LegalReference[];
  /** Text and carried words: what is looked for. */
  sought: Sought;
}

/** What a text that is looked for says of where to look. */
export interface Sought {
  text: string;
  words: readonly QuestionWord[];
  references: readonly LegalReference[];
  /** Codes and laws that it names, with or without an article. */
  codes: ReadonlySet<string>;
  /** Parties of the contract that it is about. */
  parties: readonly AskedParty[];
  /** Stems of what it puts in quotation marks, in order. */
  quoted: readonly (readonly string[])[];
}

/** @param history earlier turns, oldest first */
export function readQuestion(text: string, history: readonly Turn[] = []): ReadQuestion {
  let meaning: Meaning | undefined;
  return {
    text,
    history,
    language: detectLanguage(text),
    complexity: scoreComplexity(text),
    get meaning() {
      meaning ??= readMeaning(text, history);
      return meaning;
    },
  };
}

function readMeaning(put: string, history: readonly Turn[]): Meaning {
  const { question: text, carried } = standaloneQuestion(put, history);
  const { frame, rest } = splitFrame(text);
  const located = locateReferences(text);
  const references = located.map(({ reference }) => reference);
  const sought = `${text} ${carried}`.trim();
  return {
    ...{ text, carried, frame, rest, references },
    subject: without(located, rest, text.length - rest.length),
    sought: readSought(sought, carried === '' ? references : referencesIn(sought)),
  };
}

const inQuotes = /«([^»]{2,300})»|“([^”]{2,300})”|"([^"]{2,300})"/gu;

function readSought(text: string, references: readonly LegalReference[]): Sought {
  const codes = new Set(codesIn(text).flatMap(({ code, certain }) => (certain ? [code] : [])));
  for (const { code } of references) if (code !== undefined) codes.add(code);
  return {
    ...{ text, references, codes },
    words: questionWords(text),
    parties: partiesAskedFor(text),
    quoted: Array.from(text.matchAll(inQuotes), (match) => stems(match[1] ?? match[2] ?? match[3] ?? '')),
  };
}

/** A text without the references in it. @param offset of the text in what they were located in */
function without(located: readonly { start: number; end: number }[], text: string, offset: number): string {
  let [left, at] = ['', 0];
  for (const { start, end } of located) {
    if (start - offset < at) continue;
    left += `${text.slice(at, start - offset)} `;
    at = end - offset;
  }
  return left + text.slice(at);
}
