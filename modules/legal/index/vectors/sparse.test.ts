import { describe, expect, it } from 'vitest';
import { querySparse, documentSparse as sparseOf } from './sparse.ts';

const documentSparse = (text: string[], headings: string[] = [], description: string[] = []) =>
  sparseOf({ text, headings, description });

describe('sparse vectors', () => {
  it('give a stem the same index on both sides, in every run', () => {
    expect(querySparse(['договор']).indices).toEqual(documentSparse(['договор']).indices);
    expect(querySparse(['agreement'])).toEqual({ indices: [778_394_148], values: [1] });
  });

  it('saturate with frequency', () => {
    const weight = (times: number) => documentSparse(Array(times).fill('срок')).values[0] ?? 0;
    expect(weight(2)).toBeGreaterThan(weight(1));
    expect(weight(3) - weight(2)).toBeLessThan(weight(2) - weight(1));
    expect(weight(1000)).toBeLessThan(2.2);
  });

  it('weigh a stem less in a longer chunk', () => {
    const long = ['срок', ...Array.from({ length: 500 }, (_, index) => `w${index}`)];
    expect(documentSparse(long).values[0]).toBeLessThan(documentSparse(['срок', 'w0']).values[0] ?? 0);
  });

  it('weigh a stem more in a heading, and less in the description of the document', () => {
    const [text] = documentSparse(['срок', 'иное', 'другое']).values as [number];
    const [heading] = documentSparse([], ['срок', 'иное', 'другое']).values as [number];
    const [description] = documentSparse(['иное', 'другое', 'прочее'], [], ['срок']).values.slice(-1) as [number];
    expect(heading).toBeGreaterThan(text);
    expect(description).toBeLessThan(text);
  });

  it('weigh what is looked for next to a question’s own stems less', () => {
    expect(querySparse(['срок'], ['период']).values).toEqual([1, 0.3]);
  });

  it('add up the values of stems that collide', () => {
    // A known pair of words with one CRC-32.
    expect(querySparse(['plumless', 'buckeroo'])).toEqual({ indices: [expect.any(Number)], values: [2] });
  });

  it('are empty without stems', () => {
    expect(documentSparse([])).toEqual({ indices: [], values: [] });
  });
});
