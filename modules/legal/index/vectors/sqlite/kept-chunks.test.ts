import { expect, it } from 'vitest';
import { createChunkKeeper, type KeptChunks } from './kept-chunks.ts';

/** Asks for a chunk of so many stems. @returns whether it was read from the file */
function isRead(file: KeptChunks, number: number, stems: number): boolean {
  let read = false;
  file.get(number, (split) => {
    read = true;
    const text = split(Array.from({ length: stems }, (_, index) => `s${index % 10}`).join(' '));
    return {
      chunkId: `chunk-${number}`,
      documentId: 'document',
      words: { text, headings: split(''), description: [] },
    };
  });
  return read;
}

it('reads a chunk once, until its file has changed', () => {
  const file = createChunkKeeper().open();
  expect(isRead(file, 1, 5)).toBe(true);
  expect(isRead(file, 1, 5)).toBe(false);
  file.forget();
  expect(isRead(file, 1, 5)).toBe(true);
});

it('keeps no more than there is room for in all files together', () => {
  const keeper = createChunkKeeper();
  const [one, other] = [keeper.open(), keeper.open()];
  isRead(one, 1, 400_000);
  isRead(other, 1, 150_000);
  expect([isRead(one, 1, 400_000), isRead(other, 1, 150_000)]).toEqual([false, false]);
  isRead(other, 2, 100_000);
  expect([isRead(one, 1, 400_000), isRead(other, 1, 1)]).toEqual([true, true]);
});

it('has the room of a file again that was closed', () => {
  const keeper = createChunkKeeper();
  const [one, other] = [keeper.open(), keeper.open()];
  isRead(one, 1, 400_000);
  one.close();
  isRead(other, 1, 300_000);
  isRead(other, 2, 200_000);
  expect(isRead(other, 1, 300_000)).toBe(false);
});
