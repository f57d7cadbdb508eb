import { type ParsedDocument, ParseFailure } from './contract.ts';
import { detectLanguage } from './detect-language.ts';
import { normalizeText } from './normalize-text.ts';
import { type Reading, type ReadingLimits, requireAtMost } from './reading.ts';

const longestTitle = 300;

/**
 * Normalizes each page and joins them, one line break between two.
 * @throws ParseFailure `no-text` without a single letter or digit, `too-large` over the limit of characters.
 */
export function toParsedDocument(reading: Reading, limits: ReadingLimits): ParsedDocument {
  const pageStarts: number[] = [];
  const pieces: string[] = [];
  let length = 0;
  for (const page of reading.pages) {
    const text = normalizeText(page);
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
    pageStarts: reading.hasPages ? pageStarts : [],
    title: cleanTitle(reading.title),
    language: detectLanguage(text),
  };
}

/** Programs put file names and their own names in the title when nobody gave one. */
const noTitle = /\.(?:docx?|rtf|odt|pdf|html?|txt|md)$|^(?:untitled|без названия|document\d*|документ\d*)$/i;

function cleanTitle(title: string | undefined): string | undefined {
  const clean = normalizeText(title?.slice(0, 2000) ?? '').replaceAll(/\s+/g, ' ');
  return noTitle.test(clean) ? undefined : clean.slice(0, longestTitle).toWellFormed().trim() || undefined;
}
