import { describe, expect, it } from 'vitest';
import { removeRunningLines } from './running-lines.ts';

const pages = (line: (page: number) => string) => Array.from({ length: 6 }, (_, index) => line(index + 1));

describe('removeRunningLines', () => {
  it('removes what stands at the head or foot of most pages, with the numbers around it', () => {
    const found = removeRunningLines(
      pages((page) => `ООО «Ромашка»\nДоговор аренды\n\nТекст ${'абвгде'[page - 1]}\n\nКонфиденциально\n${page + 10}`),
    );
    expect(found.map((page) => page.trim())).toEqual([
      'Текст а',
      'Текст б',
      'Текст в',
      'Текст г',
      'Текст д',
      'Текст е',
    ]);
  });

  it('removes a line that counts the pages, also of left and right pages apart', () => {
    expect(
      removeRunningLines(pages((page) => `Lease of Offices, page ${page} of 6\ntext ${'abcdef'[page - 1]}`))[2]?.trim(),
    ).toBe('text c');
    expect(
      removeRunningLines(pages((page) => `${page % 2 ? 'Lease' : 'Acme Inc.'}\ntext ${'abcdef'[page - 1]}`))[1]?.trim(),
    ).toBe('text b');
  });

  it('leaves headings that grow with the pages, and lines of few pages', () => {
    const articles = pages((page) => `Статья ${page}\nтекст ${'абвгде'[page - 1]}`);
    expect(removeRunningLines(articles)).toEqual(articles);
    const few = ['Title\nOne', 'Two', 'Title\nthree', 'Four', 'Five', 'Six'];
    expect(removeRunningLines(few)).toEqual(few);
  });

  it('leaves two pages and none alone', () => {
    expect(removeRunningLines(['Lease\na', 'Lease\nb'])).toEqual(['Lease\na', 'Lease\nb']);
    expect(removeRunningLines([])).toEqual([]);
  });
});
