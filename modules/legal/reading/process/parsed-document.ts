import { documentLanguage } from '../../describe/document-language.ts';
import { type Notice, type ParsedDocument, ParseFailure, type RecognizedPage } from '../contract.ts';
import { normalizeText } from '../normalize-text.ts';
import { removeRunningLines } from '../pdf/pages/running-lines.ts';
import { type ReadingEnd, type ReadingLimits, requireAtMost } from '../reading.ts';

const longestTitle = 300;

/**
 * Joins normalized pages, one line break between two, without what is printed on each of them.
 * @throws ParseFailure `no-text` without a single letter or digit, `too-large` over the limit of characters.
 */
export function toParsedDocument(
  { pages, recognized }: { pages: readonly string[]; recognized: readonly RecognizedPage[] },
  { hasPages, title }: ReadingEnd,
  notices: { notices: Notice[]; noticesOmitted: number },
  limits: Pick<ReadingLimits, 'characters'>,
): ParsedDocument {
  const pageStarts: number[] = [];
  const kept: string[] = [];
  const pieces: string[] = [];
  let length = 0;
  for (const page of hasPages ? removeRunningLines(pages) : pages) {
    // Where a number was taken away, blank lines are left.
    const text = page.replace(/^\n+/, '').trimEnd();
    if (text !== '' && length > 0) {
      pieces.push('\n');
      length += 1;
    }
    pageStarts.push(length);
    kept.push(text);
    pieces.push(text);
    length += text.length;
    requireAtMost(limits.characters, length, 'characters');
  }
  const text = pieces.join('');
  if (!/[\p{L}\p{N}]/u.test(text)) throw new ParseFailure('no-text', 'Read document: there is no text in it');
  return {
    text,
    pageStarts: hasPages ? pageStarts : [],
    title: cleanTitle(title),
    language: documentLanguage(text),
    recognized: recognized.flatMap((places) => {
      const at = places.page - 1;
      return movedWords(places, pages[at] ?? '', kept[at] ?? '', pageStarts[at] ?? 0);
    }),
    ...notices,
  };
}

/**
 * Places that count in a page's text as places in the stored text. Running lines go from the ends of a page, so what is
 * left is one stretch of it; none where that stretch occurs twice.
 * @param before the page as it was read
 * @param after what is stored of it, from `start` on
 */
function movedWords(places: RecognizedPage, before: string, after: string, start: number): RecognizedPage[] {
  const from = before.indexOf(after);
  if (after === '' || from < 0 || before.indexOf(after, from + 1) >= 0) return [];
  const words: number[] = [];
  for (let at = 0; at < places.words.length; at += 6) {
    const [wordStart = 0, wordEnd = 0, ...box] = places.words.slice(at, at + 6);
    if (wordStart < from || wordEnd > from + after.length) continue;
    words.push(wordStart - from + start, wordEnd - from + start, ...box);
  }
  return words.length === 0 ? [] : [{ ...places, words }];
}

/** Programs put file names and their own names in the title when no one gave one. */
const noTitle = /\.(?:docx?|rtf|odt|pdf|html?|txt|md|eml)$|^(?:untitled|без названия|document\d*|документ\d*)$/i;

function cleanTitle(title: string | undefined): string | undefined {
  const clean = normalizeText(title?.slice(0, 2000) ?? '').replaceAll(/\s+/g, ' ');
  return noTitle.test(clean) ? undefined : clean.slice(0, longestTitle).toWellFormed().trim() || undefined;
}
