import { documentLanguage } from '../../describe/document-language.ts';
import { type Notice, type ParsedDocument, ParseFailure } from '../contract.ts';
import { normalizeText } from '../normalize-text.ts';
import { removeRunningLines } from '../pdf/pages/running-lines.ts';
import { type ReadingEnd, type ReadingLimits, requireAtMost } from '../reading.ts';

const longestTitle = 300;

/**
 * Joins normalized pages, one line break between two, without what is printed on each of them.
 * @throws ParseFailure `no-text` without a single letter or digit, `too-large` over the limit of characters.
 */
export function toParsedDocument(
  pages: readonly string[],
  { hasPages, title }: ReadingEnd,
  notices: { notices: Notice[]; noticesOmitted: number },
  limits: Pick<ReadingLimits, 'characters'>,
): ParsedDocument {
  const pageStarts: number[] = [];
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
    ...notices,
  };
}

/** Programs put file names and their own names in the title when no one gave one. */
const noTitle = /\.(?:docx?|rtf|odt|pdf|html?|txt|md|eml)$|^(?:untitled|без названия|document\d*|документ\d*)$/i;

function cleanTitle(title: string | undefined): string | undefined {
  const clean = normalizeText(title?.slice(0, 2000) ?? '').replaceAll(/\s+/g, ' ');
  return noTitle.test(clean) ? undefined : clean.slice(0, longestTitle).toWellFormed().trim() || undefined;
}
