import { describe, expect, it } from 'vitest';
import { removeRunningLines } from './running-lines.ts';

const pages = (line: (page: number) => string) => Array.from({ length: 6 }, (_, index) => line(index + 1));

describe('removeRunningLines', () => {
  it('removes what stands at the head or foot of most pages, with the numbers around it, a title once kept', () => {
    const found = removeRunningLines(
      pages((page) => `ООО «Ромашка»\nДоговор аренды\n\nТекст ${'абвгде'[page - 1]}\n\nКонфиденциально\n${page + 10}`),
    );
    expect(found.map((page) => page.trim())).toEqual([
      'Договор аренды\n\nТекст а',
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

  it('leaves annexes and other numbered things that begin pages, with what stands below them', () => {
    for (const name of [
      'Приложение № #',
      'ПРИЛОЖЕНИЕ #',
      'Annex #',
      'Счёт #',
      'Лот № #',
      'Protocol No. #',
      'Schedule #. Prices',
    ]) {
      const annexes = pages(
        (page) => `${name.replace('#', String(page))}\nк договору поставки № 7\nтекст ${'abcdef'[page - 1]}`,
      );
      expect(removeRunningLines(annexes)).toEqual(annexes);
    }
  });

  it('keeps the line of an annex that goes over pages once, and annexes of the same name each', () => {
    const running = ['Договор', ...pages((page) => `Приложение № 2 к договору\nтекст ${'abcdef'[page - 1]}`)];
    expect(removeRunningLines(running).filter((page) => page.includes('Приложение'))).toHaveLength(1);
    const same = pages((page) =>
      page % 2 ? `Приложение\nк договору\nтекст ${'abcdef'[page - 1]}` : `ещё ${'abcdef'[page - 1]}`,
    );
    expect(removeRunningLines(same)).toEqual(same);
  });

  it('keeps a title on every page where it comes first, and drops it where the page says it again', () => {
    const titled = removeRunningLines(pages((page) => `LEASE AGREEMENT\ntext ${'abcdef'[page - 1]}`));
    expect(titled.filter((page) => page.includes('LEASE AGREEMENT'))).toHaveLength(1);
    expect(titled[0]).toContain('LEASE AGREEMENT');
    const again = pages(
      (page) => `Lease Agreement\n${page === 1 ? 'LEASE AGREEMENT\n' : ''}text ${'abcdef'[page - 1]}`,
    );
    expect(removeRunningLines(again)[0]?.trim()).toBe('LEASE AGREEMENT\ntext a');
  });

  it('leaves two pages and none alone', () => {
    expect(removeRunningLines(['Lease\na', 'Lease\nb'])).toEqual(['Lease\na', 'Lease\nb']);
    expect(removeRunningLines([])).toEqual([]);
  });
});
