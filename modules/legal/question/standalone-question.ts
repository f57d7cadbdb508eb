import { stems, words } from '../text/index.ts';
import { isAsking } from './asking-words.ts';
import { splitFrame } from './question-frame.ts';

export interface Turn {
  role: 'user' | 'assistant';
  content: string;
}

export interface StandaloneQuestion {
  /** The question, behind the words of an earlier one that say which document is meant when it has none itself. */
  question: string;
  /** Words of earlier questions that it leaves out; empty when it stands alone. */
  carried: string;
}

/** Questions before this one that are looked at. */
const mostTurns = 3;
const mostCarried = 40;
/** A question with more content words than this says itself what it is about. */
const fewWords = 1;
const fewWithPointer = 4;

const continuing = /^\s*(?:а|и|но|или|ну|тогда|and|but|or|so|then|what about|how about|what if)(?!\p{L})/iu;
const pointer =
  /(?<!\p{L})(?:он|она|оно|они|его|е[её]|их|ему|ей|им|него|не[её]|них|ней|ним|нему|ними|это|этот|эта|эти|этого|этой|этом|этому|этих|этим|такой|такая|такое|такие|таком|таких|туда|оттуда|там|it|its|he|she|they|them|their|theirs|his|her|him|this|these|those|such)(?!\p{L})/iu;

/**
 * What a question means behind the earlier turns of a conversation, without a model: one that is elliptic («А если он не
 * заплатит?», "And for how long?") carries the content words of the question before it, and of those before while they
 * are elliptic themselves.
 */
export function standaloneQuestion(question: string, history: readonly Turn[]): StandaloneQuestion {
  const earlier = history.flatMap(({ role, content }) => (role === 'user' ? [content] : [])).reverse();
  let current = question;
  let { frame } = splitFrame(question);
  const known = new Set(stems(question));
  const carried: string[] = [];
  for (const before of earlier.slice(0, mostTurns)) {
    if (!isElliptic(current)) break;
    const split = splitFrame(before);
    frame ||= split.frame;
    for (const word of contentWords(split.rest)) {
      const [stem = ''] = stems(word);
      if (known.has(stem)) continue;
      known.add(stem);
      carried.push(word);
    }
    current = before;
  }
  const named = frame !== '' && splitFrame(question).frame === '' ? `${frame}: ${question}` : question;
  return { question: named, carried: carried.slice(0, mostCarried).join(' ') };
}

function isElliptic(question: string): boolean {
  const { frame, rest } = splitFrame(question);
  const count = new Set(contentWords(rest).flatMap(stems)).size;
  if (count <= fewWords) return frame === '' || count === 0;
  return count <= fewWithPointer && (continuing.test(rest) || pointer.test(rest));
}

const contentWords = (text: string): string[] =>
  [...words(text)].flatMap(({ text: word }) => {
    const [stem] = stems(word);
    return stem === undefined || isAsking(stem) ? [] : [word];
  });
