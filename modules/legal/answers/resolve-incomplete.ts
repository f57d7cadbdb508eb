import { sentences } from '../text/index.ts';
import { readMarkers } from './read-markers.ts';
import { type CitablePassage, type ResolvedAnswer, resolveCitations } from './resolve-citations.ts';

/** The end of a sentence, or nothing but markers behind one. */
const SENTENCE_END = /^\s*$|[.!?…;:]["»”’)\]]*\s*$/;
/** A marker that has just begun. */
const HALF_MARKER = /\s*\[[\d\s,;–-]*$/;

/**
 * The same for an answer that was cut off: its whole sentences are held to their passages, and the words after them stay as they came, since
 * what they rest on was still to come.
 */
export function resolveIncomplete(text: string, passages: readonly CitablePassage[], question = ''): ResolvedAnswer {
  const last = sentences(text).at(-1)?.start ?? 0;
  const begun = withoutMarkers(text.slice(last));
  if (SENTENCE_END.test(begun)) return resolveCitations(text, passages, question);
  const whole = resolveCitations(text.slice(0, last), passages, question);
  const lost = whole.answered ? whole.answer : withoutMarkers(text.slice(0, last)).trim();
  return { ...whole, answer: [lost, begun.trim()].filter(Boolean).join(' ') };
}

const withoutMarkers = (text: string): string =>
  [...readMarkers(text.replace(HALF_MARKER, ''))].map(({ before }) => before.trimEnd()).join('');
