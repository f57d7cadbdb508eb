import type { Chunk } from '../reading/contract.ts';
import { endOfPiece } from './cut.ts';

const chunkSize = { smallest: 350, target: 900, largest: 1400 };

/** Cuts a text by its paragraphs and sentences alone: for one whose structure cannot be worked out. As `chunkText`. */
export function plainChunks(text: string, pageStarts: readonly number[]): Chunk[] {
  const chunks: Chunk[] = [];
  let page = 0;
  for (let start = 0; start < text.length; ) {
    const end = endOfPiece(text, start, text.length, chunkSize, []);
    while ((pageStarts[page] ?? Number.POSITIVE_INFINITY) <= start) page += 1;
    const place = { start, end, unitStart: start, unitEnd: end, page: page === 0 ? null : page };
    chunks.push({ ordinal: chunks.length, ...place, headingPath: [] });
    start = end;
  }
  return chunks;
}
