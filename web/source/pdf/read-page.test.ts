import type { PDFDocumentProxy } from 'pdfjs-dist';
import { describe, expect, it } from 'vitest';
import { readPage } from './read-page.ts';

/** A file whose words arrive when the test says so. `asked` holds the pages whose words were asked for, in order. */
function fileOf(failing?: number) {
  const asked: number[] = [];
  const waiting = new Map<number, () => void>();
  const pdf = {
    async getPage(pageNumber: number) {
      if (pageNumber === failing) throw new Error('damaged');
      return {
        pageNumber,
        getTextContent: () => {
          asked.push(pageNumber);
          return new Promise((resolve) =>
            waiting.set(pageNumber, () => resolve({ items: [], styles: {}, lang: null })),
          );
        },
      };
    },
  } as unknown as PDFDocumentProxy;
  return { pdf, asked, arrive: (number: number) => waiting.get(number)?.() };
}

const rest = () => new Promise((resolve) => setTimeout(resolve));
const always = () => true;
const marked = { isMarked: true, isWanted: always };
const bare = { isMarked: false, isWanted: always };

describe('pages that come into view together', () => {
  it('are read one with marks first', async () => {
    const { pdf, asked, arrive } = fileOf();
    const all = [readPage(pdf, 4, bare), readPage(pdf, 5, marked), readPage(pdf, 6, bare)];
    await rest();
    expect(asked).toEqual([5]);
    arrive(5);
    await rest();
    expect(asked).toEqual([5, 4, 6]);
    arrive(4);
    arrive(6);
    expect((await Promise.all(all)).map((read) => read?.page.pageNumber)).toEqual([4, 5, 6]);
  });

  it('do not wait for one that cannot be read', async () => {
    const { pdf, asked } = fileOf(5);
    void readPage(pdf, 4, bare);
    await expect(readPage(pdf, 5, marked)).rejects.toThrow('damaged');
    await rest();
    expect(asked).toEqual([4]);
  });

  it('are not read once they are out of view', async () => {
    const { pdf, asked } = fileOf();
    expect(await readPage(pdf, 4, { isMarked: false, isWanted: () => false })).toBeUndefined();
    expect(await readPage(pdf, 5, { isMarked: true, isWanted: () => false })).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

it('keeps the words of the last pages, and only of these', async () => {
  const { pdf, asked, arrive } = fileOf();
  const read = async (number: number) => {
    const reading = readPage(pdf, number, bare);
    await rest();
    arrive(number);
    await reading;
  };
  for (const number of [1, 2, 3, 1]) await read(number);
  expect(asked).toEqual([1, 2, 3]);
  for (const number of [4, 5, 6, 7, 8, 9, 1, 2]) await read(number);
  expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 2]);
});
