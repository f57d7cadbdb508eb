import { expect, it } from 'vitest';
import { boxesOfWords } from './boxes.ts';
import { canvasScale, PAGE_GAP_PX, pageAtTop, pagesToDraw, pageTops } from './page-offsets.ts';

const tops = pageTops(
  Array.from({ length: 900 }, () => ({ width: 600, height: 800 })),
  1,
);

it('draws the pages in view and few others, wherever the reader is', () => {
  for (let top = 0; top < (tops.at(-1) ?? 0); top += 333) {
    const drawn = pagesToDraw(tops, top, 900);
    expect(drawn.length).toBeLessThanOrEqual(4);
    expect(drawn).toContain(pageAtTop(tops, top + PAGE_GAP_PX));
    expect(drawn).toContain(pageAtTop(tops, top + 900));
  }
  const second = (tops[1] as number) - PAGE_GAP_PX;
  expect(pagesToDraw(tops, second, 900)[0]).toBe(1);
  expect(pagesToDraw(tops, second - 1, 900)[0]).toBe(0);
  expect(pagesToDraw(tops, 0, 0)).toEqual([0, 1, 2]);
  expect(pagesToDraw(pageTops([{ width: 1, height: 1 }], 1), 0, 500)).toEqual([0]);
});

it('caps the pixels of a canvas', () => {
  expect(canvasScale(600, 800, 3)).toBe(2);
  const scale = canvasScale(20_000_000, 800, 2);
  expect(20_000_000 * 800 * scale ** 2).toBeLessThanOrEqual(16 * 1024 * 1024 + 1);
});

it('turns the boxes of words with the page', () => {
  const page = {
    width: 100,
    height: 200,
    words: [
      [0, 4, 10, 20, 30, 10],
      [5, 9, 50, 20, 30, 10],
    ],
  };
  const mark = { start: 6, end: 30, kind: 'cited' as const };
  expect(boxesOfWords(page, mark, 0)).toEqual([{ kind: 'cited', start: 6, x: 0.5, y: 0.1, width: 0.3, height: 0.05 }]);
  const [quarter] = boxesOfWords(page, mark, 90);
  expect(quarter).toMatchObject({ x: expect.closeTo(0.85), y: 0.5, width: 0.05, height: 0.3 });
  const [half] = boxesOfWords(page, mark, 180);
  expect(half).toMatchObject({ x: expect.closeTo(0.2), y: expect.closeTo(0.85) });
  const [most] = boxesOfWords(page, mark, 270);
  expect(most).toMatchObject({ x: 0.1, y: expect.closeTo(0.2), width: 0.05, height: 0.3 });
});
