import { headingReference, type LegalReference, stems } from '../../text/index.ts';
import type { ChunkWords, VectorRecord } from './contract.ts';

/** How much a word counts by where it stands; a heading's says what the text below is about. */
export const fieldWeights = { text: 1, headings: 2, description: 0.5 } as const;

/** What a record is found by. Numbered headings («Статья 110», "4.2") give an exact key as well, see `unitKey`. */
export function chunkWords({ text, headings = [], description = '' }: VectorRecord): ChunkWords {
  const keys = headings.flatMap((heading) => {
    const reference = headingReference(heading);
    return reference ? [unitKey(reference)] : [];
  });
  return {
    text: stems(text),
    headings: [...headings.flatMap((heading) => stems(heading)), ...new Set(keys)],
    description: [...new Set(stems(description))],
  };
}

/** The stem under which a legal unit is found by its number, annexes apart; a text's own words hardly make one. */
export const unitKey = ({ kind, number }: Pick<LegalReference, 'kind' | 'number'>): string =>
  kind === 'annex' ? `unit/annex/${number}` : `unit/${number}`;

/** Each stem's frequency, weighed by where it stands. */
export function weighedFrequencies(words: ChunkWords): Map<string, number> {
  const frequencies = new Map<string, number>();
  const add = (stems: Iterable<string>, weight: number) => {
    for (const stem of stems) frequencies.set(stem, (frequencies.get(stem) ?? 0) + weight);
  };
  add(words.text, fieldWeights.text);
  add(new Set(words.headings), fieldWeights.headings);
  add(words.description, fieldWeights.description);
  return frequencies;
}

export const lengthOf = ({ text, headings }: ChunkWords): number => text.length + headings.length;
