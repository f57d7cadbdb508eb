import { ParseFailure } from './contract.ts';
import { decodeText } from './encoding/decode-text.ts';
import { looksLikeText } from './encoding/looks-like-text.ts';
import { type Reader, type ReadingOrder, requireAtMost } from './reading.ts';

/** @throws ParseFailure `wrong-content`, `too-large` */
export function decode({ bytes, limits }: ReadingOrder): string {
  requireAtMost(limits.unpackedBytes, bytes.length, 'bytes');
  // No encoding takes more bytes for a character: such a text need not be read to be too large.
  requireAtMost(limits.characters * 4, bytes.length, 'bytes');
  if (!looksLikeText(bytes)) throw new ParseFailure('wrong-content', 'Read text: the content is binary');
  return decodeText(bytes);
}

/** Plain text in UTF-8, UTF-16 with a mark, windows-1251, KOI8-R or CP866. */
export const readText: Reader = async (order, output) => {
  await output.page(decode(order));
  return { hasPages: false, title: undefined };
};
