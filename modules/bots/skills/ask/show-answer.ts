import type { Language } from '../../../../platform/kernel/problem.ts';
import type { Answer } from '../../../legal/asking/index.ts';
import type { RichText } from '../../../messages/telegram/contract.ts';
import { bold, join, link, plain, quote } from '../../../messages/telegram/index.ts';
import { words } from './words.ts';

/** What a chat bears; all of an answer's sources are a press away. */
const MOST_SOURCES = 12;
const LONGEST_QUOTE = 400;

type Shown = Pick<Answer, 'answer' | 'citations'>;

/**
 * An answer as a chat shows it: its text, then each source with its exact words, and a link that opens them in the document.
 * @param origin the platform's public address, without a slash at its end
 */
export function showAnswer({ answer, citations }: Shown, language: Language, origin: string): RichText {
  if (citations.length === 0) return plain(answer);
  const { sources, page, more } = words[language];
  const lines = citations.slice(0, MOST_SOURCES).map((citation, index) => {
    const place = citation.page === null ? '' : `, ${page(citation.page)}`;
    const named = link(`${citation.title}${place}`, addressOf(citation, origin));
    return join([plain(`[${index + 1}] `), named, '\n', quote(shorten(citation.quote), { folded: true })]);
  });
  const left = citations.length - lines.length;
  return join([answer, bold(sources), ...lines, ...(left > 0 ? [more(left)] : [])], '\n\n');
}

/** The answer's source panel, with exactly these words marked. */
function addressOf({ documentId, start, end }: Answer['citations'][number], origin: string): string {
  return `${origin}/documents/${documentId}?start=${start}&end=${end}`;
}

/** At the end of a word, and never inside a character. */
function shorten(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text;
  const cut = text.slice(0, LONGEST_QUOTE).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), LONGEST_QUOTE / 2))}…`;
}
